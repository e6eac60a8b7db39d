// what cloudbench and its plugins need of zod. What is not named here is not in the build.

export {
  array,
  boolean,
  custom,
  discriminatedUnion,
  enum,
  int,
  iso,
  json,
  literal,
  NEVER,
  null,
  number,
  object,
  record,
  strictObject,
  string,
  toJSONSchema,
  tuple,
  union,
  unknown,
  url,
  ZodObject,
  ZodOptional,
  ZodRecord,
  ZodUnion,
  ZodUnknown,
} from 'zod'
// types cost nothing
export type * from 'zod'
