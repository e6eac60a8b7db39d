import { pathToFileURL } from 'node:url'

/** The URL of a module that is given as a URL or a path. */
export function urlOf(module: URL | string): string {
  if (module instanceof URL) return module.href
  return module.includes('://') ? module : pathToFileURL(module).href
}
