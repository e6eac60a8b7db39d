// `@cloudbench/driver-kit`: what drivers of several protocols have in common.

export { connectionClosed, errorWithCode, lostConnection } from './connect/errors.ts'
export { networkRefusal } from './connect/network-refusal.ts'
export { serverNameOf, sharedTls } from './connect/tls.ts'
export { within } from './connect/within.ts'
export { options } from './options/options.ts'
export { count, duration, rate, share, size } from './options/quantities.ts'
export { tls } from './options/tls.ts'
export { LightSocket } from './socket/light-socket.ts'
export { compileJson, compileTemplate, createTemplateBuilder, render } from './templates/template.ts'
export { valueAt } from './value-at.ts'

export type { NameOf } from './connect/errors.ts'
export type { NetworkTarget } from './connect/network-refusal.ts'
export type { ConnectTls, TlsFiles } from './connect/tls.ts'
export type { Limits, Quantity } from './options/quantities.ts'
export type { LightSocketOptions, StartTls } from './socket/light-socket.ts'
export type { Template, TemplateBuilder } from './templates/template.ts'
