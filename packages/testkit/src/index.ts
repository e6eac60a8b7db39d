export { examineDriver, testDriver } from './driver.ts'
export { examineEnvironment, testEnvironment } from './environment.ts'
export { examineReporter, testReporter } from './reporter.ts'

export type { DriverSubject } from './driver.ts'
export type { EnvironmentSubject } from './environment.ts'
export type { Fault, FaultDetails } from './fault.ts'
export type { ReporterSubject } from './reporter.ts'
export type { Registration, Test } from './rule.ts'
