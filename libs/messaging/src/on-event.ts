import type { EventType } from '@mulin/events';
import {
  applyDecorators,
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  UseFilters,
} from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { type Observable, throwError } from 'rxjs';
import type { EventHandler } from './event.js';

/** Our strategy's transport id: a symbol, so that a Kafka or TCP strategy beside it stays apart. */
export const EVENTS = Symbol('mulin.events');

/** What the strategy sends through every handler at start; it must come back as the same error. */
export class SelfTest extends Error {
  override readonly name = 'SelfTest';
}

/**
 * Nest turns an error of a handler into "Internal server error": then a deadlock looks like poison, and
 * money stops. This filter lets the error through as it is.
 */
@Catch()
class Rethrow implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): Observable<never> {
    if (host.getType() !== 'rpc') throw error;
    return throwError(() => error);
  }
}

/** A class whose methods handle events. List it under `controllers`: Nest finds handlers nowhere else. */
export const EventsController = (): ClassDecorator =>
  applyDecorators(Controller(), UseFilters(new Rethrow()));

/**
 * Makes a method the handler of one type of event: `(events, { tx }) => Promise<void | Outcome>`.
 * Underneath it is Nest's `@EventPattern`.
 */
export function OnEvent<P>(type: EventType<P>) {
  return <H extends EventHandler<P>>(
    target: object,
    name: string | symbol,
    descriptor: TypedPropertyDescriptor<H>,
  ): void => {
    Payload()(target, name, 0);
    Ctx()(target, name, 1);
    provable(descriptor);
    // Nest's decorator takes any method; what ours must look like is said by EventHandler.
    EventPattern(type.pattern, EVENTS)(target, name, descriptor as PropertyDescriptor);
  };
}

/** Wraps the method so that the start-up self-test can throw from inside it, past all of Nest. */
function provable<H extends (...args: never[]) => unknown>(descriptor: TypedPropertyDescriptor<H>) {
  const method = descriptor.value;
  if (!method) throw new Error('@OnEvent belongs on a method.');
  const wrapped = function (this: unknown, ...args: Parameters<H>): unknown {
    if ((args as readonly unknown[])[0] instanceof SelfTest) throw (args as readonly unknown[])[0];
    return method.apply(this, args);
  };
  // Other decorators have left their marks on the method (guards, interceptors): they move along.
  for (const key of Reflect.getMetadataKeys(method)) {
    Reflect.defineMetadata(key, Reflect.getMetadata(key, method), wrapped);
  }
  Object.defineProperty(wrapped, 'name', { value: method.name });
  // Same parameters, same result: only the self-test is new.
  descriptor.value = wrapped as H;
}
