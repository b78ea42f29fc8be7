import type { OutwardWork } from '../deps.ts';

export const outward: OutwardWork[] = [];
