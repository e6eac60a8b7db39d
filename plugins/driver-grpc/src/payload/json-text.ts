import { ScalarType } from '@bufbuild/protobuf'
import { createTemplateBuilder, type Template, type TemplateBuilder } from '@cloudbench/driver-kit'
import { Leaf, type Marked } from './marked.ts'

/** Types whose JSON form is a number; 64-bit ones are strings, since JSON readers lose their precision. */
const numeric: ReadonlySet<ScalarType | undefined> = new Set([
  ScalarType.DOUBLE,
  ScalarType.FLOAT,
  ScalarType.INT32,
  ScalarType.UINT32,
  ScalarType.SINT32,
  ScalarType.FIXED32,
  ScalarType.SFIXED32,
])

/** Compiles JSON with generated parts into its text. */
export function compileJsonText(json: Marked): Template<readonly string[]> {
  const builder = createTemplateBuilder<readonly string[]>()
  write(json, builder)
  return builder.build()
}

function write(json: Marked, to: TemplateBuilder<readonly string[]>): void {
  if (json instanceof Leaf) {
    const form = formOf(json)
    to.generated((values) => form(values[json.at]!))
    return
  }
  if (typeof json !== 'object' || json === null) {
    to.literal(JSON.stringify(json))
    return
  }
  const isArray = Array.isArray(json)
  to.literal(isArray ? '[' : '{')
  for (const [at, [key, value]] of Object.entries(json as Readonly<Record<string, Marked>>).entries()) {
    if (at > 0) to.literal(',')
    if (!isArray) to.literal(`${JSON.stringify(key)}:`)
    write(value, to)
  }
  to.literal(isArray ? ']' : '}')
}

function formOf({ field }: Leaf): (text: string) => string {
  if (field?.enum === undefined && numeric.has(field?.scalar)) return numberText
  return field?.scalar === ScalarType.BOOL ? asItIs : JSON.stringify
}

/** What JSON has no number for, such as NaN, is a string. */
function numberText(text: string): string {
  const value = Number(text)
  return Number.isFinite(value) ? String(value) : JSON.stringify(text)
}

function asItIs(text: string): string {
  return text
}
