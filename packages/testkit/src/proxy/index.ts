// what stands between a driver and its server, for tests of what no server does on demand.
export { startProxy, type Proxy } from './proxy.ts'
