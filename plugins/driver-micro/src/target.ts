import { CloudbenchError } from '@cloudbench/core'

/** Stands where other drivers have the URL of a server. */
export const hostTarget = 'micro:'

/** @throws CloudbenchError for any other URL, because it would be ignored. */
export function parseTarget(url: string): void {
  if (url === hostTarget) return
  throw new CloudbenchError({
    code: 'CB_TARGET',
    what: 'the micro driver runs functions in the load worker, but its target has the url of something else',
    expected: `no url, or ${hostTarget}`,
    next: "remove the target's url",
  })
}
