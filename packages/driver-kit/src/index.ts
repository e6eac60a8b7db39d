// `@cloudbench/driver-kit`: what drivers of several protocols have in common.

export { networkRefusal } from './connect/network-refusal.ts'
export { tlsOptions } from './connect/tls.ts'
export { compileJson, compileTemplate, render } from './templates/template.ts'
export { countOf, durationMsOf, shareOf, sizeBytesOf } from './units.ts'

export type { NetworkTarget } from './connect/network-refusal.ts'
export type { TlsFiles } from './connect/tls.ts'
export type { Template } from './templates/template.ts'
