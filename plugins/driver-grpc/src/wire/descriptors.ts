import { create } from '@bufbuild/protobuf'
import { protoCamelCase } from '@bufbuild/protobuf/reflect'
import {
  DescriptorProtoSchema,
  EnumDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as FieldType,
  FieldDescriptorProtoSchema,
  FieldOptionsSchema,
  FileDescriptorProtoSchema,
  MessageOptionsSchema,
  MethodDescriptorProtoSchema,
  MethodOptionsSchema,
  OneofDescriptorProtoSchema,
  ServiceDescriptorProtoSchema,
  type DescriptorProto,
  type EnumDescriptorProto,
  type FieldDescriptorProto,
  type FileDescriptorProto,
  type MethodDescriptorProto,
  type ServiceDescriptorProto,
} from '@bufbuild/protobuf/wkt'
import protobuf from 'protobufjs'
import { annotate, type WrittenRule } from './http-rule.ts'

/** A parsed `.proto` file, with what the parser does not keep. */
export interface ParsedFile {
  /** The name other files import it by. */
  readonly name: string
  readonly package: string
  readonly syntax: 'proto2' | 'proto3'
  readonly imports: readonly string[]
}

const scalarTypes: Readonly<Record<string, FieldType>> = {
  double: FieldType.DOUBLE,
  float: FieldType.FLOAT,
  int64: FieldType.INT64,
  uint64: FieldType.UINT64,
  int32: FieldType.INT32,
  fixed64: FieldType.FIXED64,
  fixed32: FieldType.FIXED32,
  bool: FieldType.BOOL,
  string: FieldType.STRING,
  bytes: FieldType.BYTES,
  uint32: FieldType.UINT32,
  sfixed32: FieldType.SFIXED32,
  sfixed64: FieldType.SFIXED64,
  sint32: FieldType.SINT32,
  sint64: FieldType.SINT64,
}

/** Describes what a file declares, as a compiler would. The root must be resolved. */
export function describeFile(root: protobuf.Root, file: ParsedFile): FileDescriptorProto {
  const scope = file.package === '' ? root : root.lookup(file.package)
  const declared = (scope instanceof protobuf.Namespace ? scope.nestedArray : []).filter(
    ({ filename }) => filename === file.name,
  )
  return create(FileDescriptorProtoSchema, {
    name: file.name,
    package: file.package,
    dependency: [...file.imports],
    syntax: file.syntax === 'proto3' ? 'proto3' : '',
    messageType: declared.filter((one) => one instanceof protobuf.Type).map((type) => message(type, file)),
    enumType: declared.filter((one) => one instanceof protobuf.Enum).map(enumeration),
    service: declared.filter((one) => one instanceof protobuf.Service).map(service),
  })
}

function message(type: protobuf.Type, file: ParsedFile): DescriptorProto {
  // synthetic oneofs, which stand for a single optional field, come last
  const oneofs = type.oneofsArray.toSorted((a, b) => Number(isSynthetic(a)) - Number(isSynthetic(b)))
  const entries: DescriptorProto[] = []
  const fields = type.fieldsArray.map((field) => {
    if (field instanceof protobuf.MapField) entries.push(mapEntry(field))
    return describeField(field, oneofs, file)
  })
  return create(DescriptorProtoSchema, {
    name: type.name,
    field: fields,
    nestedType: [
      ...type.nestedArray.filter((one) => one instanceof protobuf.Type).map((one) => message(one, file)),
      ...entries,
    ],
    enumType: type.nestedArray.filter((one) => one instanceof protobuf.Enum).map(enumeration),
    oneofDecl: oneofs.map(({ name }) => create(OneofDescriptorProtoSchema, { name })),
  })
}

function describeField(
  field: protobuf.Field,
  oneofs: readonly protobuf.OneOf[],
  { syntax }: ParsedFile,
): FieldDescriptorProto {
  const isMap = field instanceof protobuf.MapField
  const { partOf } = field
  const packed = field.options?.['packed'] as boolean | undefined
  const jsonName = (field.options?.['json_name'] as string | undefined) ?? protoCamelCase(field.name)
  return create(FieldDescriptorProtoSchema, {
    name: field.name,
    number: field.id,
    label:
      isMap || field.repeated
        ? Label.REPEATED
        : field.required && syntax === 'proto2'
          ? Label.REQUIRED
          : Label.OPTIONAL,
    ...(isMap ? { type: FieldType.MESSAGE, typeName: entryTypeName(field) } : valueType(field)),
    ...(partOf && { oneofIndex: oneofs.indexOf(partOf), proto3Optional: isSynthetic(partOf) }),
    jsonName,
    ...(packed !== undefined && { options: create(FieldOptionsSchema, { packed }) }),
  })
}

function valueType(field: protobuf.FieldBase): { type: FieldType; typeName?: string } {
  const scalar = scalarTypes[field.type]
  if (scalar !== undefined) return { type: scalar }
  const resolved = field.resolvedType
  if (resolved instanceof protobuf.Enum) return { type: FieldType.ENUM, typeName: resolved.fullName }
  if (resolved instanceof protobuf.Type && !('group' in resolved && resolved.group === true))
    return { type: FieldType.MESSAGE, typeName: resolved.fullName }
  throw new Error(`${field.fullName.slice(1)} is a group, which is not supported`)
}

function mapEntry(field: protobuf.MapField): DescriptorProto {
  const key = { name: 'key', number: 1, label: Label.OPTIONAL, type: scalarTypes[field.keyType]! }
  const value = { name: 'value', number: 2, label: Label.OPTIONAL, ...valueType(field) }
  return create(DescriptorProtoSchema, {
    name: entryName(field),
    field: [key, value].map((one) => create(FieldDescriptorProtoSchema, one)),
    options: create(MessageOptionsSchema, { mapEntry: true }),
  })
}

/** Named as compilers do: `book_labels` becomes `BookLabelsEntry`. */
function entryName({ name }: protobuf.MapField): string {
  return `${name.replaceAll(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())}Entry`
}

function entryTypeName(field: protobuf.MapField): string {
  return `${field.parent!.fullName}.${entryName(field)}`
}

function isSynthetic(oneof: protobuf.OneOf): boolean {
  return oneof.isProto3Optional
}

function enumeration({ name, values, options }: protobuf.Enum): EnumDescriptorProto {
  return create(EnumDescriptorProtoSchema, {
    name,
    value: Object.entries(values).map(([value, number]) => ({ name: value, number })),
    ...(options?.['allow_alias'] === true && { options: { allowAlias: true } }),
  })
}

function service({ name, methodsArray }: protobuf.Service): ServiceDescriptorProto {
  return create(ServiceDescriptorProtoSchema, { name, method: methodsArray.map(method) })
}

function method(declared: protobuf.Method): MethodDescriptorProto {
  const options = create(MethodOptionsSchema)
  const rule = ruleOf(declared.parsedOptions)
  if (rule !== undefined) annotate(options, rule)
  return create(MethodDescriptorProtoSchema, {
    name: declared.name,
    inputType: declared.resolvedRequestType!.fullName,
    outputType: declared.resolvedResponseType!.fullName,
    clientStreaming: declared.requestStream === true,
    serverStreaming: declared.responseStream === true,
    options,
  })
}

/** The annotation can be written as a whole or field by field. */
function ruleOf(options: readonly Record<string, unknown>[] | undefined): WrittenRule | undefined {
  const written = options?.flatMap((option) => option['(google.api.http)'] ?? []) ?? []
  return written.length === 0 ? undefined : Object.assign({}, ...(written as object[]))
}
