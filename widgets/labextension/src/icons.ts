import { LabIcon } from '@jupyterlab/ui-components';

/** Three groups and one point beyond them. */
export const courseIcon = new LabIcon({
  name: 'beyondlabels:course',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><g class="jp-icon3" fill="#616161">
<circle cx="6.5" cy="8" r="3.2"/><circle cx="8" cy="17" r="3.2"/><circle cx="16.5" cy="14.5" r="3.2"/></g>
<circle class="jp-icon3" cx="18.5" cy="5" r="2.2" fill="none" stroke="#616161" stroke-width="1.6"/></svg>`
});

/** A package, taken apart. */
export const modelIcon = new LabIcon({
  name: 'beyondlabels:model',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><g class="jp-icon3" fill="none"
stroke="#616161" stroke-width="1.8"><path d="M12 3l8 4.5v9L12 21l-8-4.5v-9zM4.3 7.7L12 12l7.7-4.3M12 12v8.6"/></g></svg>`
});
