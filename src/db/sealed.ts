import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { inspect } from 'node:util';
import type { ColumnType } from 'kysely';

/**
 * A column of what people write. It goes in as `seal(text)`, is encrypted on its way into the statement, and comes back
 * as the text; whoever reads the tables without the key sees noise. Only whole columns come back: not inside JSON.
 */
export type SealedText = ColumnType<string, Sealed, Sealed>;

export type SealKey = { id: string; key: KeyObject };
/** New text is sealed with `current`; what `older` ones sealed stays readable. */
export type SealKeys = { current: SealKey; older: SealKey[] };

const SHOWN = '[sealed]';

/** Text on its way into the database. No log, template or JSON shows it. */
export class Sealed {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get text(): string {
    return this.#text;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }

  /** Reached only inside something else, such as a list: better nothing than clear text. */
  toPostgres(): never {
    throw new Error('Sealed text reached the driver unencrypted');
  }
}

export const seal = (text: string): Sealed => new Sealed(text);

/** Base64 keys of 32 bytes, separated by commas: the first seals, all of them open. */
export function sealKeysFrom(encoded: string): SealKeys {
  const [current, ...older] = encoded.split(',').map((part) => sealKey(part.trim()));
  if (!current) throw new Error('There is no sealing key.');
  return { current, older };
}

function sealKey(encoded: string): SealKey {
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length !== KEY_BYTES) {
    throw new Error('A sealing key is 32 random bytes in base64, such as `openssl rand -base64 32` prints.');
  }
  const id = createHash('sha256')
    .update(bytes)
    .digest('hex')
    .slice(0, ID_BYTES * 2);
  return { id, key: createSecretKey(bytes) };
}

const MAGIC = Buffer.from('accd\x01', 'latin1');
const KEY_BYTES = 32;
const ID_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = MAGIC.length + ID_BYTES;

/** `accd`, format version 1, key id, nonce, tag, AES-256-GCM of the text; the header is authenticated too. */
export function encrypt(text: string, { current }: SealKeys): Buffer {
  const header = Buffer.concat([MAGIC, Buffer.from(current.id, 'hex')]);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', current.key, nonce, { authTagLength: TAG_BYTES }).setAAD(header);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([header, nonce, cipher.getAuthTag(), body]);
}

export const isEncrypted = (bytes: Buffer): boolean => bytes.subarray(0, MAGIC.length).equals(MAGIC);

export function decrypt(bytes: Buffer, { current, older }: SealKeys): string {
  const id = bytes.subarray(MAGIC.length, HEADER_BYTES).toString('hex');
  const found = [current, ...older].find((key) => key.id === id);
  if (!found) throw new Error(`What is stored was sealed with key ${id}, which is not among the configured keys.`);

  const nonceEnd = HEADER_BYTES + NONCE_BYTES;
  const tagEnd = nonceEnd + TAG_BYTES;
  try {
    const decipher = createDecipheriv('aes-256-gcm', found.key, bytes.subarray(HEADER_BYTES, nonceEnd), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(bytes.subarray(0, HEADER_BYTES)).setAuthTag(bytes.subarray(nonceEnd, tagEnd));
    return Buffer.concat([decipher.update(bytes.subarray(tagEnd)), decipher.final()]).toString('utf8');
  } catch (error) {
    throw new Error(`What key ${id} sealed was altered in the database.`, { cause: error });
  }
}

/** What goes to the server of a statement's parameters: every `Sealed` among them encrypted. */
export const encrypted = (parameters: readonly unknown[], keys: SealKeys): readonly unknown[] =>
  parameters.some((value) => value instanceof Sealed)
    ? parameters.map((value) => (value instanceof Sealed ? encrypt(value.text, keys) : value))
    : parameters;
