// `@cloudbench/core/driver`: what drivers of several protocols have in common.

export { compileJson, compileTemplate, render } from './driver/template.ts'
export { tlsOptions } from './driver/tls.ts'
export { countOf, durationMsOf, shareOf, sizeBytesOf } from './driver/units.ts'

export type { Template } from './driver/template.ts'
export type { TlsFiles } from './driver/tls.ts'
