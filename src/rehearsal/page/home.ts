import { h } from 'preact';
import { ActingContext } from './acting.ts';
import type { Home } from './api.ts';
import { Blocks } from './blocks.ts';
import { html } from './dom.ts';
import { useForm } from './forms.ts';

/** The app's Home, as the app drew it for this person. */
export function HomeTab({ home, appName }: { home: Home | null; appName: string }) {
  return html`<div class="home" data-conversation="home">
    ${
      home
        ? h(HomeView, { key: home.id, home })
        : html`<p class="empty-state">${appName} has not drawn its Home yet. It does so when it is running and you open this tab.</p>`
    }
  </div>`;
}

function HomeView({ home }: { home: Home }) {
  const { acting } = useForm(home);
  return h(ActingContext.Provider, { value: acting, children: h(Blocks, { blocks: home.view.blocks }) });
}
