import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT: string = fileURLToPath(new URL('../../..', import.meta.url))

interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
}

/** The packages that are published, by their folder's name. */
export function publishable(): readonly { readonly folder: string; readonly manifest: Manifest }[] {
  return readdirSync(join(ROOT, 'packages'))
    .map((name) => join(ROOT, 'packages', name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => ({
      folder,
      manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest,
    }))
    .filter(({ manifest }) => !manifest.private)
}

/** A folder outside the workspace, where nothing of it can be found by accident. */
export function emptyFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'mudwire-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Runs a program to its end; what it prints is in the error when it fails. */
export function run(
  program: string,
  args: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv = {},
): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, npm_config_yes: 'true', ...environment },
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status === 0) return stdout
  throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${error ?? ''}\n${stdout}\n${stderr}`)
}

/** Runs pnpm: the one that runs the tests, or else the one that everybody uses. */
export function pnpm(args: readonly string[], cwd: string, environment: NodeJS.ProcessEnv = {}): string {
  return run('npx', ['pnpm@12', ...args], cwd, environment)
}

/** Packs every package that is published and returns the tarballs by the package's name. */
export function packAll(destination: string): ReadonlyMap<string, string> {
  const tarballs = new Map<string, string>()
  for (const { folder, manifest } of publishable()) {
    pnpm(['pack', '--pack-destination', destination], folder)
    tarballs.set(
      manifest.name,
      join(destination, `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`),
    )
  }
  return tarballs
}
