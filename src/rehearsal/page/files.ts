import type { ImageElement } from '@slack/types';
import type { StoredFile } from './api.ts';
import { html } from './dom.ts';
import { isSafe } from './mrkdwn.ts';
import { useReading } from './reader.ts';

/** The stand-in gives a file to whoever may see it, by who they are. */
const addressFor = (file: StoredFile, userId: string): string =>
  `${new URL(file.url, location.href).pathname}?as=${encodeURIComponent(userId)}`;

export function FileCard({ file }: { file: StoredFile }) {
  const { me } = useReading();
  const address = addressFor(file, me.id);
  const kind = (file.name.split('.').at(-1) ?? '').toUpperCase();
  if (file.mimetype.startsWith('image/'))
    return html`<figure class="picture"><figcaption>${file.title}</figcaption>
      <a href=${address} target="_blank"><img src=${address} alt=${file.alt ?? file.title} /></a></figure>`;
  return html`<div class="file" data-file=${file.id}>
    <span class="file-kind" aria-hidden="true">${kind}</span>
    <span class="file-words"><strong>${file.title || file.name}</strong><small>${file.name}</small></span>
    <a class="press" href=${address} download=${file.name} aria-label=${`Download ${file.name}`}>Download</a>
  </div>`;
}

/** A picture inside a block: from the web, or a file that was uploaded. */
export function Picture({ image }: { image: Pick<ImageElement, 'alt_text'> & object }) {
  const { me } = useReading();
  const source = sourceOf(image, me.id);
  if (!source) return html`<span class="not-drawn">${image.alt_text}</span>`;
  return html`<img src=${source} alt=${image.alt_text} loading="lazy" />`;
}

function sourceOf(image: object, userId: string): string | undefined {
  if ('image_url' in image && typeof image.image_url === 'string')
    return isSafe(image.image_url) ? image.image_url : undefined;
  const file = 'slack_file' in image ? image.slack_file : undefined;
  if (typeof file !== 'object' || file === null) return undefined;
  const as = encodeURIComponent(userId);
  if ('id' in file && typeof file.id === 'string') return `/files/${encodeURIComponent(file.id)}/picture?as=${as}`;
  if ('url' in file && typeof file.url === 'string') return `${new URL(file.url, location.href).pathname}?as=${as}`;
  return undefined;
}
