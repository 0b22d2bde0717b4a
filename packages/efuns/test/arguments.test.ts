import { expect, it } from 'vitest'
import { type Efuns, STREAM } from '../src/index.ts'
import { makeRealm } from './support/realm.ts'

const { efuns } = makeRealm()
const io = efuns.as({})
const fd = io.socket_create(STREAM, 'onRead')

const WRONG: readonly (readonly [efun: keyof Efuns, position: number, args: readonly unknown[]])[] = [
  ['socket_create', 1, ['1', 'onRead']],
  ['socket_create', 2, [1, 0]],
  ['socket_create', 3, [1, 'onRead', 5]],
  ['socket_bind', 1, ['x', 4000]],
  ['socket_bind', 2, [fd, '4000']],
  ['socket_bind', 3, [fd, 0, 5]],
  ['socket_listen', 1, [1.5, 'onListen']],
  ['socket_listen', 2, [fd, undefined]],
  ['socket_accept', 1, [Number.NaN, 'onRead', 'onWrite']],
  ['socket_accept', 2, [fd, {}, 'onWrite']],
  ['socket_accept', 3, [fd, 'onRead']],
  ['socket_connect', 1, [null, '127.0.0.1 1', 'onRead', 'onWrite']],
  ['socket_connect', 2, [fd, 1, 'onRead', 'onWrite']],
  ['socket_connect', 3, [fd, '127.0.0.1 1', 1, 'onWrite']],
  ['socket_connect', 4, [fd, '127.0.0.1 1', 'onRead']],
  ['socket_write', 1, [[], 'x']],
  ['socket_write', 3, [fd, 'x', 5]],
  ['socket_close', 1, ['0']],
  ['socket_release', 1, ['0', {}, 'onRelease']],
  ['socket_release', 2, [fd, 'an object', 'onRelease']],
  ['socket_release', 3, [fd, {}, 5]],
  ['socket_acquire', 1, [{}, 'onRead', 'onWrite', 'onClose']],
  ['socket_acquire', 2, [fd, 0, 'onWrite', 'onClose']],
  ['socket_acquire', 3, [fd, 'onRead', 0, 'onClose']],
  ['socket_acquire', 4, [fd, 'onRead', 'onWrite', 0]],
  ['socket_error', 1, ['-1']],
  ['socket_address', 1, [undefined]],
  ['socket_address', 2, [fd, 'local']],
  ['socket_status', 1, ['0']],
  ['socket_set_option', 1, [9_999, 1, 1]],
  ['socket_set_option', 2, [fd, 5, 1]],
  ['socket_set_option', 3, [fd, 1, 2]],
  ['socket_set_option', 3, [fd, 2, 5]],
  ['socket_get_option', 1, ['x', 1]],
  ['socket_get_option', 2, [fd, 0]],
]

it.each(WRONG)('%s says what is wrong with argument %i: %j', (efun, position, args) => {
  const call = io[efun] as (...given: readonly unknown[]) => unknown
  expect(() => call(...args)).toThrow(TypeError)
  expect(() => call(...args)).toThrow(new RegExp(`^${efun}: argument ${position} is `))
})

it('asks for an object that calls, for a host that is an address, and for a limit that is one', () => {
  expect(() => efuns.as('player' as never)).toThrow(TypeError)
  expect(() => efuns.destruct(null as never)).toThrow(TypeError)
  expect(() => makeRealm({ host: 'localhost' })).toThrow(/^host/)
  expect(() => makeRealm({ maxPacketBytes: 0 })).toThrow(/^maxPacketBytes/)
})
