import { registerHooks } from 'node:module'

const provided = new Map<string, string>()

/**
 * Lets modules import a package that is not installed for them: plugins and configurations without a `node_modules`
 * beside them, as after `npx cloudbench`. If they have their own copy, they get that one.
 *
 * @param name Of the package; its subpaths are provided too.
 * @param from `file:` URL of a module that can import it.
 */
export function providePackage(name: string, from: string): void {
  if (provided.size === 0)
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
  provided.set(name, from)
}

function providerOf(specifier: string): string | undefined {
  const [scope, name] = specifier.split('/')
  return provided.get(specifier.startsWith('@') ? `${scope}/${name}` : scope!)
}
