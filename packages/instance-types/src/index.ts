export { instanceTypeOf, instanceTypes, isBurstable } from './catalogue.ts'
export type { InstanceType, Provider } from './instance-type.ts'
