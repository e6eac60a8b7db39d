import { ScalarType, type DescField, type DescMessage, type JsonValue } from '@bufbuild/protobuf'

/** A generated text as the JSON value of a field. */
export function jsonOfText(field: DescField, text: string): JsonValue {
  const isBool =
    (field.fieldKind === 'list' ? field.listKind : field.fieldKind) === 'scalar' &&
    field.scalar === ScalarType.BOOL
  return isBool ? text === 'true' : text
}

/** Whether a generated text is the whole value of a field. */
export function isPlain(field: DescField): boolean {
  const kind = field.fieldKind === 'list' ? field.listKind : field.fieldKind
  return kind === 'enum' || (kind === 'scalar' && field.scalar !== ScalarType.BYTES)
}

/** Well-known types have JSON forms of their own, such as text for a timestamp. */
export function hasOwnJson({ typeName }: DescMessage): boolean {
  return typeName.startsWith('google.protobuf.')
}

/** What a field accepts, for error messages. */
export function expectationOf(field: DescField): string {
  const one =
    field.message?.typeName ??
    field.enum?.values.map(({ name }) => name).join(', ') ??
    ScalarType[field.scalar!].toLowerCase()
  const what =
    field.fieldKind === 'list' ? `a list of ${one}` : field.fieldKind === 'map' ? `a map to ${one}` : one
  return `for ${field.jsonName}: ${what}, as the JSON form of protocol buffers writes it`
}
