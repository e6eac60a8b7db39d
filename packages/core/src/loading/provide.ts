import { findPackageJSON, registerHooks } from 'node:module'

const provided = new Map<string, string>()
let isHooked = false

/**
 * Lets modules import a package that is not installed for them: plugins and configurations without a `node_modules`
 * beside them, as after `npx cloudbench`. If they have their own copy, they get that one.
 *
 * @param name Of the package; its subpaths are provided too.
 * @param from `file:` URL of a module that can import it.
 */
export function providePackage(name: string, from: string): void {
  provided.set(name, from)
}

/**
 * Called before a module of others is imported, with what it may import, by default all that is provided. A hook makes every import
 * of the process slower, so that there is none where the module finds all of it by itself.
 *
 * @param url `file:` URL of the module.
 */
export function provideFor(url: string, names: readonly string[] = [...provided.keys()]): void {
  if (isHooked || names.every((name) => isInstalledFor(url, name))) return
  isHooked = true
  registerHooks({
    resolve(specifier, context, next) {
      const parentURL = providerOf(specifier)
      if (parentURL === undefined) return next(specifier, context)
      try {
        return next(specifier, context)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
        return next(specifier, { ...context, parentURL })
      }
    },
  })
}

function isInstalledFor(url: string, name: string): boolean {
  try {
    return findPackageJSON(name, url) !== undefined
  } catch {
    return false
  }
}

function providerOf(specifier: string): string | undefined {
  const [scope, name] = specifier.split('/')
  return provided.get(specifier.startsWith('@') ? `${scope}/${name}` : scope!)
}
