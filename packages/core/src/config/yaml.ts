import { createRequire } from 'node:module'

type Library = typeof import('yaml')

// loaded when the first text is read: most commands of most projects have none
let library: Library | undefined

/** The YAML library. */
export function yaml(): Library {
  return (library ??= createRequire(import.meta.url)('yaml') as Library)
}
