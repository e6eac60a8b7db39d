// `@cloudbench/core/log`: how a request log is laid out, for programs that read one.

export * from './worker/log/layout.ts'
export { HistogramRecorder } from './metrics/recorder.ts'
