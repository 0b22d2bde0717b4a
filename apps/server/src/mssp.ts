import type { World } from '@mudwire/mudlib-inetd'
import type { MsspFacts } from '@mudwire/telnet'

/** When this process began, in seconds since 1970: what MSSP calls UPTIME. */
const STARTED_S = Math.round(Date.now() / 1_000 - process.uptime())

/** What lists of games are told, in the words of MSSP. */
export function msspFacts(world: World, port: number): MsspFacts {
  const { rooms, things, inhabitants } = world.size
  return {
    NAME: 'Mudwire',
    PLAYERS: world.names.length,
    UPTIME: STARTED_S,
    CODEBASE: 'Mudwire',
    FAMILY: 'Custom',
    LANGUAGE: 'English',
    GAMEPLAY: 'Socializing',
    STATUS: 'Live',
    AREAS: 1,
    ROOMS: rooms,
    OBJECTS: things,
    MOBILES: inhabitants,
    ANSI: 1,
    GMCP: 1,
    MCCP: 1,
    'UTF-8': 1,
    'PAY TO PLAY': 0,
    'PAY FOR PERKS': 0,
    ...(port > 0 && { PORT: port }),
  }
}
