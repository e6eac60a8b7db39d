import type { ServiceDefinition } from './definition.ts'
import { ServiceError } from './errors.ts'
import { grpcGateway } from './grpc-gateway/definition.ts'
import { kafka } from './kafka/definition.ts'
import { otelCollector } from './otel-collector/definition.ts'
import { postgres } from './postgres/definition.ts'
import { prometheus } from './prometheus/definition.ts'
import { pushgateway } from './pushgateway/definition.ts'
import { rabbitmq } from './rabbitmq/definition.ts'
import { redis } from './redis/definition.ts'

/** Every service that can be started. */
const services = {
  redis,
  postgres,
  kafka,
  rabbitmq,
  'grpc-gateway': grpcGateway,
  pushgateway,
  prometheus,
  'otel-collector': otelCollector,
} satisfies Record<string, ServiceDefinition>

export type ServiceName = keyof typeof services

export const serviceNames = Object.keys(services) as readonly ServiceName[]

/** @throws ServiceError when there is no such service. */
export function definitionOf(name: string): ServiceDefinition {
  if (Object.hasOwn(services, name)) return services[name as ServiceName]
  throw new ServiceError({
    what: `there is no service ${JSON.stringify(name)}`,
    expected: `one of ${serviceNames.join(', ')}`,
    next: `cloudbench up ${serviceNames[0]}`,
  })
}
