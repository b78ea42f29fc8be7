/** Opens the recap of the meeting whose id the button carries. */
export const WRITE_RECAP = 'recap:write';
