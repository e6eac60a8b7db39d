import { CloudbenchError } from '@cloudbench/core'

/** What stands where other drivers have the address of a server. */
export const hostTarget = 'micro:'

/** @throws CloudbenchError when somebody has given an address, which would be ignored. */
export function assertHostTarget(target: string): void {
  if (target === hostTarget) return
  throw new CloudbenchError({
    code: 'CB_TARGET',
    what: 'the micro driver runs functions in the load worker, and its target has the url of something else',
    expected: `no url, or ${hostTarget}`,
    next: "remove the target's url",
  })
}
