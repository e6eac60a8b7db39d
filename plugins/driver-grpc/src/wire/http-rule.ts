import type { DescMethod } from '@bufbuild/protobuf'
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import type { MethodOptions } from '@bufbuild/protobuf/wkt'

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

/** Field numbers of `google.api.HttpRule`; from google/api/http.proto. */
const verbs: Readonly<Record<number, string>> = { 2: 'GET', 3: 'PUT', 4: 'POST', 5: 'DELETE', 6: 'PATCH' }
const bodyField = 7
const customField = 8
const additionalField = 11
const responseBodyField = 12

/** The HTTP forms of a method, preferred one first; none without the annotation. */
export function bindingsOf({ proto }: DescMethod): readonly HttpBinding[] {
  const written = proto.options?.$unknown?.filter(({ no }) => no === extension) ?? []
  return written.flatMap(({ data }) => readRule(new BinaryReader(data).bytes()))
}

/** The annotation as the parser of `.proto` files returns it. */
export interface WrittenRule {
  readonly get?: string
  readonly put?: string
  readonly post?: string
  readonly delete?: string
  readonly patch?: string
  readonly custom?: { readonly kind?: string; readonly path?: string }
  readonly body?: string
  readonly response_body?: string
  readonly additional_bindings?: WrittenRule | readonly WrittenRule[]
}

/** Adds the annotation to a method's options, in the form a compiler gives it. */
export function annotate(options: MethodOptions, rule: WrittenRule): void {
  const data = new BinaryWriter().bytes(writeRule(rule)).finish()
  options.$unknown = [
    ...(options.$unknown ?? []),
    { no: extension, wireType: WireType.LengthDelimited, data },
  ]
}

function readRule(bytes: Uint8Array): HttpBinding[] {
  const reader = new BinaryReader(bytes)
  const binding = { verb: '', path: '', body: '', responseBody: '' }
  const additional: HttpBinding[] = []
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag()
    const verb = verbs[field]
    if (verb !== undefined) Object.assign(binding, { verb, path: reader.string() })
    else if (field === bodyField) binding.body = reader.string()
    else if (field === customField) Object.assign(binding, readCustom(reader.bytes()))
    else if (field === additionalField) additional.push(...readRule(reader.bytes()))
    else if (field === responseBodyField) binding.responseBody = reader.string()
    else reader.skip(wireType, field)
  }
  return binding.verb === '' ? additional : [binding, ...additional]
}

function readCustom(bytes: Uint8Array): { readonly verb: string; readonly path: string } {
  const reader = new BinaryReader(bytes)
  let verb = ''
  let path = ''
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag()
    if (field === 1) verb = reader.string()
    else if (field === 2) path = reader.string()
    else reader.skip(wireType, field)
  }
  return { verb, path }
}

function writeRule(rule: WrittenRule): Uint8Array {
  const writer = new BinaryWriter()
  const text = (field: number, value: string | undefined): void => {
    if (value !== undefined) writer.tag(field, WireType.LengthDelimited).string(value)
  }
  for (const [field, verb] of Object.entries(verbs))
    text(Number(field), rule[verb.toLowerCase() as 'get' | 'put' | 'post' | 'delete' | 'patch'])
  text(bodyField, rule.body)
  text(responseBodyField, rule.response_body)
  if (rule.custom) {
    const custom = new BinaryWriter()
    for (const [field, value] of [rule.custom.kind, rule.custom.path].entries())
      if (value !== undefined) custom.tag(field + 1, WireType.LengthDelimited).string(value)
    writer.tag(customField, WireType.LengthDelimited).bytes(custom.finish())
  }
  const additional: readonly WrittenRule[] = [rule.additional_bindings ?? []].flat()
  for (const one of additional) writer.tag(additionalField, WireType.LengthDelimited).bytes(writeRule(one))
  return writer.finish()
}
