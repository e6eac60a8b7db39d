export { examineDriver, testDriver } from './driver.ts'

export type { DriverSubject } from './driver.ts'
export type { Fault, FaultDetails } from './fault.ts'
export type { Registration, Test } from './rule.ts'
