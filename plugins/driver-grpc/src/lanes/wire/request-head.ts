import type { Call, RequestTrace } from '@cloudbench/core'
import { compileTemplate, render, type Template } from '@cloudbench/driver-kit'
import { fieldName, indexedField, literalField, writeLength } from '../../wire/http2/field-writer.ts'
import { flag, frameType, headBytes, writeHead } from '../../wire/http2/frames.ts'

export interface RequestHeadOptions {
  readonly isTls: boolean
  readonly path: string
  readonly authority: string
  readonly metadata: Readonly<Record<string, string>>
  readonly trace?: RequestTrace | undefined
  readonly deadlineMs: number | undefined
  readonly compression: 'none' | 'gzip'
}

/** Indices in the static table. */
const field = { authority: 1, post: 3, path: 4, http: 6, https: 7, contentType: 31, userAgent: 58 } as const

/** The name of the metadata for a trace context, and the length of its value. */
const traceparent = 'traceparent'
const traceparentBytes = 55

interface GeneratedField {
  readonly name: Buffer
  readonly template: Template
}

/**
 * The frame `HEADERS` of every call of a method, but for its stream. Only its trace context and generated metadata are
 * written again.
 */
export class RequestHead {
  /** In a room that may be larger. */
  bytes: Buffer
  length: number
  readonly #fixedLength: number
  readonly #generated: readonly GeneratedField[]
  readonly #trace: RequestTrace | undefined

  constructor(options: RequestHeadOptions) {
    const fixed: Buffer[] = fixedFields(options)
    const generated: GeneratedField[] = []
    for (const [name, written] of Object.entries(options.metadata)) {
      const template = compileTemplate(written)
      if (template.parts.length > 0) generated.push({ name: fieldName(name), template })
      else fixed.push(literalField(name, name.endsWith('-bin') ? padded(template.head) : template.head))
    }
    this.#generated = generated
    if (!Object.hasOwn(options.metadata, traceparent)) this.#trace = options.trace
    // the last of those whose place is fixed
    if (this.#trace) fixed.push(literalField(traceparent, '0'.repeat(traceparentBytes)))
    this.bytes = Buffer.concat([Buffer.alloc(headBytes), ...fixed])
    this.#fixedLength = this.bytes.length
    this.length = this.#fixedLength
    this.#writeHead()
  }

  /** Writes what is generated for one request. */
  render(call: Call): void {
    this.#trace?.write(call.index, this.bytes, this.#fixedLength - traceparentBytes)
    if (this.#generated.length === 0) return
    let at = this.#fixedLength
    for (const { name, template } of this.#generated) {
      const value = render(template, call)
      this.#ensure(at + name.length + 6 + value.length)
      at += name.copy(this.bytes, at)
      at = writeLength(this.bytes, at, value.length)
      at += this.bytes.write(value, at, 'latin1')
    }
    this.length = at
    this.#writeHead()
  }

  #writeHead(): void {
    writeHead(this.bytes, 0, this.length - headBytes, frameType.headers, flag.endHeaders, 0)
  }

  #ensure(length: number): void {
    if (length <= this.bytes.length) return
    const bytes = Buffer.alloc(length * 2)
    this.bytes.copy(bytes)
    this.bytes = bytes
  }
}

function fixedFields({ isTls, path, authority, deadlineMs, compression }: RequestHeadOptions): Buffer[] {
  return [
    indexedField(field.post),
    indexedField(isTls ? field.https : field.http),
    literalField(field.path, path),
    literalField(field.authority, authority),
    literalField('te', 'trailers'),
    ...(deadlineMs === undefined ? [] : [literalField('grpc-timeout', timeoutOf(deadlineMs))]),
    literalField(field.contentType, 'application/grpc'),
    ...(compression === 'none' ? [] : [literalField('grpc-encoding', compression)]),
    literalField('grpc-accept-encoding', 'identity,deflate,gzip'),
    literalField(field.userAgent, 'cloudbench'),
  ]
}

/** At most eight digits, and a unit. */
function timeoutOf(durationMs: number): string {
  if (durationMs < 1_000) return `${Math.ceil(durationMs * 1_000)}u`
  if (durationMs < 1e8) return `${Math.ceil(durationMs)}m`
  return `${Math.ceil(durationMs / 1_000)}S`
}

function padded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('base64')
}
