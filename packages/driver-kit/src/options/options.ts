import { didYouMean } from '@cloudbench/core/text'
import { z } from '@cloudbench/schema'

/** The options of a workload, or a group of them. An unknown one is refused with the name that was meant. */
export function options<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys
            .map((key) => `unknown option "${key}"; ${didYouMean(key, Object.keys(shape))}`)
            .join('; ')
        : undefined,
  })
}
