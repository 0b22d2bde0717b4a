import { describe, expect, it } from 'vitest'
import { connected, message, settledAfter } from './support/bench.ts'

const [DO, IAC] = [253, 255] as const

describe('GMCP', () => {
  it('sends what the client has asked for, and nothing before it has said hello', async () => {
    const connection = await connected()
    connection.say(IAC, DO, 201)
    connection.sent()
    const { socket } = connection
    expect(socket.signal('gmcp', { package: 'Core.Ping' })).toBe(false)
    connection.say(...message('Core.Hello {"Client":"Mudlet","version":"4.17"}'))
    expect(socket.signal('gmcp', { package: 'Char.Vitals', data: { hp: 1 } })).toBe(false)
    connection.say(...message('Core.Supports.Set ["Char 1","Room 1"]'))
    expect(socket.signal('gmcp', { package: 'Char.Vitals', data: { hp: 1 } })).toBe(true)
    connection.say(...message('core.supports.remove ["Room"]'), ...message('Core.Ping 12'))
    expect(socket.signal('gmcp', { package: 'Room.Info', data: {} })).toBe(false)
    connection.clock.run()
    expect(connection.sent()).toEqual(['SB 201 Char.Vitals {"hp":1}', 'SB 201 Core.Ping'])
    expect(settledAfter(connection)).toMatchObject({ client: 'Mudlet', version: '4.17', gmcp: ['char'] })
  })

  it('needs no introduction by who says what it wants', async () => {
    const connection = await connected()
    connection.say(IAC, DO, 201, ...message('Core.Supports.Add ["Char 1"]'))
    expect(connection.socket.signal('gmcp', { package: 'Char.Vitals', data: { hp: 1 } })).toBe(true)
  })

  it('never throws for what JSON cannot say', async () => {
    const connection = await connected()
    connection.say(IAC, DO, 201, ...message('Core.Hello {}'), ...message('Core.Supports.Set ["X 1"]'))
    const { socket } = connection
    const circle: Record<string, unknown> = {}
    circle.self = circle
    expect(socket.signal('gmcp', { package: 'X.Y', data: circle })).toBe(false)
    expect(socket.signal('gmcp', { package: 'X.Y', data: () => 1 })).toBe(false)
    expect(socket.signal('gmcp', { package: 'X Y' })).toBe(false)
    expect(socket.signal('gmcp', undefined as never)).toBe(false)
    expect(socket.state).toBe('open')
  })

  it('passes other packages on, and drops what is hostile', async () => {
    const connection = await connected()
    connection.say(IAC, DO, 201)
    for (const text of [
      'Comm.Say "hi"',
      'Char.Login',
      'X {"__proto__":{"a":1}}',
      `X ${'['.repeat(20)}${']'.repeat(20)}`,
      'X {oops',
      '../etc 1',
      `X "${'x'.repeat(9_000)}"`,
    ]) {
      connection.say(...message(text))
    }
    expect(connection.heard).toEqual([
      ['gmcp', { package: 'Comm.Say', data: 'hi' }],
      ['gmcp', { package: 'Char.Login' }],
    ])
  })
})
