import driver from '../src/index.ts'

/** The driver without its audit: no other program reads back what it has written. */
const { produce } = driver.workloads as Required<typeof driver>['workloads']
const { audit: _audit, ...producing } = produce!

export default { ...driver, workloads: { produce: producing } }
