import { h, render } from 'preact';
import { Frame } from './frame.ts';
import { openSession } from './session.ts';

const page = document.getElementById('page');
if (page) {
  page.replaceChildren();
  render(h(Frame, { session: openSession() }), page);
}
