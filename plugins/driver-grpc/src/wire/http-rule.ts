import { createRequire } from 'node:module'
import type { DescMethod } from '@bufbuild/protobuf'
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import type { MethodOptions } from '@bufbuild/protobuf/wkt'
import protobuf from 'protobufjs'

/** One HTTP form of a method, as described by `google.api.http`. */
export interface HttpBinding {
  /** The HTTP method, in upper case. */
  readonly verb: string
  /** A path template, such as `/v1/{name=shelves/*}:archive`. */
  readonly path: string
  /** The field that is the request body; `*` for everything left over, empty for none. */
  readonly body: string
  /** The field of the answer that is the response body; empty for the whole answer. */
  readonly responseBody: string
}

/** The number of the extension `google.api.http` of `google.protobuf.MethodOptions`; from google/api/annotations.proto. */
const extension = 72_295_728

/** The parser ships with google/api/http.proto, in a version before `response_body`. */
const httpRule = new protobuf.Root()
  .loadSync(createRequire(import.meta.url).resolve('protobufjs/google/api/http.proto'), { keepCase: true })
  .lookupType('google.api.HttpRule')
  .add(new protobuf.Field('response_body', 12, 'string'))

const verbs = ['get', 'put', 'post', 'delete', 'patch'] as const

/** The annotation as the parser of `.proto` files returns it. */
export interface WrittenRule extends Readonly<Partial<Record<(typeof verbs)[number], string>>> {
  readonly custom?: { readonly kind?: string; readonly path?: string }
  readonly body?: string
  readonly response_body?: string
  readonly additional_bindings?: WrittenRule | readonly WrittenRule[]
}

/** The HTTP forms of a method, preferred one first; none without the annotation. */
export function bindingsOf({ proto }: DescMethod): readonly HttpBinding[] {
  const written = proto.options?.$unknown?.filter(({ no }) => no === extension) ?? []
  return written.flatMap(({ data }) =>
    bindingsOfRule(httpRule.toObject(httpRule.decode(new BinaryReader(data).bytes()))),
  )
}

/** Adds the annotation to a method's options, in the form a compiler gives it. */
export function annotate(options: MethodOptions, rule: WrittenRule): void {
  const bytes = httpRule.encode(httpRule.fromObject(withLists(rule))).finish()
  const data = new BinaryWriter().bytes(bytes).finish()
  options.$unknown = [
    ...(options.$unknown ?? []),
    { no: extension, wireType: WireType.LengthDelimited, data },
  ]
}

function bindingsOfRule(rule: WrittenRule): HttpBinding[] {
  const { custom, body = '', response_body: responseBody = '' } = rule
  const additional = additionalOf(rule).flatMap(bindingsOfRule)
  const verb = verbs.find((one) => rule[one] !== undefined)
  if (verb) return [{ verb: verb.toUpperCase(), path: rule[verb]!, body, responseBody }, ...additional]
  if (!custom) return additional
  const { kind = '', path = '' } = custom
  return kind === '' ? additional : [{ verb: kind, path, body, responseBody }, ...additional]
}

/** The parser returns a single entry of a list without the list. */
function withLists(rule: WrittenRule): WrittenRule {
  return { ...rule, additional_bindings: additionalOf(rule).map(withLists) }
}

function additionalOf({ additional_bindings: additional = [] }: WrittenRule): readonly WrittenRule[] {
  return [additional].flat()
}
