import { pathToFileURL } from 'node:url'
import { CloudbenchError } from '@cloudbench/core'

/**
 * Imports the package of an optional client, which users install beside their configuration.
 * @param folder Of the configuration: where to look first.
 * @param driver `import.meta.url` of the driver: where to look next.
 * @throws CloudbenchError when it is not installed, or cannot be loaded.
 */
export async function importClient<Module>(name: string, folder: string, driver: string): Promise<Module> {
  const { resolveModuleURL } = await import('exsolve')
  const from = [pathToFileURL(`${folder}/`), driver]
  const url = resolveModuleURL(name, { from, try: true, conditions: ['node', 'import'] })
  if (url === undefined)
    throw new CloudbenchError({
      code: 'CB_CLIENT_NOT_FOUND',
      what: `${name}, the package of a client, is not installed`,
      expected: `it to be found from ${folder}`,
      next: `npm install --save-dev ${name}`,
    })
  try {
    return (await import(url)) as Module
  } catch (cause) {
    throw new CloudbenchError({
      code: 'CB_CLIENT_NOT_FOUND',
      what: `${name}, the package of a client, cannot be loaded: ${(cause as Error).message}`,
      next: `node --input-type=module -e "import '${name}'" shows the whole error`,
      cause,
    })
  }
}
