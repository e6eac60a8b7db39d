import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { CloudbenchError, defineWorkload, messageOf } from '@cloudbench/core'
import { moduleOptions, type ModuleOptions } from '../options.ts'
import { connectTo } from './connection.ts'
import type { MeasuredFunction } from './measured-function.ts'

export const module = defineWorkload({
  description: 'a function of your own, from a module file',
  options: moduleOptions,
  connect: connectTo(userFunction),
})

/**
 * Imports a function of the user's. All connections of a worker share the module and its state.
 * @throws CloudbenchError when the module cannot be imported, or does not export the function.
 */
async function userFunction(
  { file, function: name }: ModuleOptions,
  folder: string,
): Promise<MeasuredFunction> {
  const path = resolve(folder, file)
  let exported: Readonly<Record<string, unknown>>
  try {
    exported = (await import(pathToFileURL(path).href)) as typeof exported
  } catch (cause) {
    throw new CloudbenchError({
      code: 'CB_CONNECT',
      what: `${path} cannot be imported: ${messageOf(cause)}`,
      expected: 'a module that exports functions',
      next: `correct options.file, or the module; relative paths start from ${folder}`,
      cause,
    })
  }
  const call = exported[name]
  if (typeof call === 'function') return { name, call: call as () => unknown }
  const functions = Object.keys(exported).filter((key) => typeof exported[key] === 'function')
  throw new CloudbenchError({
    code: 'CB_CONNECT',
    what: `${path} exports no function ${name}`,
    expected:
      functions.length > 0
        ? `one of its functions: ${functions.join(', ')}`
        : 'a module that exports functions',
    next:
      functions.length > 0 ? `options.function: ${functions[0]}` : `export function ${name}() { … } in it`,
  })
}
