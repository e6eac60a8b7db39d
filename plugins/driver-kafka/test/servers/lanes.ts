import { clients, type ClientName } from '../../src/clients.ts'

/** Lanes that can be tested here: packages that users install may be missing. */
export const lanes: readonly ClientName[] = (Object.keys(clients) as ClientName[]).filter((name) => {
  const client: { readonly package?: string } = clients[name]
  try {
    return client.package === undefined || import.meta.resolve(client.package) !== ''
  } catch {
    return false
  }
})

/** Whether a lane has a workload. */
export function has(client: ClientName, workload: string): boolean {
  return client !== 'platformatic' || workload !== 'consume'
}
