import {
  ana,
  ask,
  asked,
  dana,
  FRIDAY,
  later,
  MIDWEEK,
  noor,
  priya,
  promise,
  SUNDAY,
  said,
  sam,
  YEAR_END,
  zoe,
} from './people.ts';

/** The half of the corpus that the parser was tuned on. */
export const tuned = [
  // A promise of a leader, the other mentioned
  said(
    dana,
    MIDWEEK,
    'send <@UANA|ana> the listing presentation by Friday',
    promise('UANA', 'send Ana the listing presentation', '2026-03-13'),
  ),
  said(
    dana,
    MIDWEEK,
    'firm: vendor introduction for <@UANA|ana> by 15 March !later',
    promise('UANA', 'vendor introduction', '2026-03-15', later),
  ),
  said(
    dana,
    MIDWEEK,
    'ask <@UANA|ana> two referral partners named by end of month',
    ask('UANA', 'two referral partners named', '2026-03-31'),
  ),
  said(
    dana,
    MIDWEEK,
    'ask: <@UMARCUS|marcus> pipeline review numbers by Monday',
    ask('UMARCUS', 'pipeline review numbers', '2026-03-16'),
  ),
  said(dana, MIDWEEK, 'yard signs for kiran by tomorrow', promise('UKIRAN', 'yard signs', '2026-03-12')),
  said(dana, MIDWEEK, 'Fix lead routing for Marcus today.', promise('UMARCUS', 'Fix lead routing', '2026-03-11')),
  said(
    dana,
    MIDWEEK,
    'review Kiran Rao’s buyer agreement by the 20th',
    promise('UKIRAN', 'review Kiran Rao’s buyer agreement', '2026-03-20'),
  ),
  said(dana, MIDWEEK, 'send kiki the brand kit tomorrow', promise('UKIRAN', 'send kiki the brand kit', '2026-03-12')),
  said(
    dana,
    MIDWEEK,
    'I will introduce Ana to the new lender by 3/20',
    promise('UANA', 'introduce Ana to the new lender', '2026-03-20'),
  ),
  said(
    dana,
    MIDWEEK,
    "I'll get Marcus the CRM export in 2 weeks",
    promise('UMARCUS', 'get Marcus the CRM export', '2026-03-25'),
  ),

  // A partner's own, and a partner's asks
  said(
    ana,
    MIDWEEK,
    'two comps for Oak Street by Thursday',
    promise('UDANA', 'two comps for Oak Street', '2026-03-12'),
  ),
  said(
    ana,
    MIDWEEK,
    'firm: portal ads stopped by next Wednesday',
    ask('UDANA', 'portal ads stopped', '2026-03-18', { alternative: '2026-03-11' }),
  ),
  said(ana, MIDWEEK, 'Dana will send the vendor list by Friday', ask('UDANA', 'send the vendor list', '2026-03-13')),
  said(ana, MIDWEEK, 'Dana send me the Q1 numbers by Tuesday', ask('UDANA', 'send me the Q1 numbers', '2026-03-17')),
  said(ana, MIDWEEK, 'ask dana for a signage budget by 3/31', ask('UDANA', 'a signage budget', '2026-03-31')),
  said(
    ana,
    MIDWEEK,
    'Ask my seller for the survey by Friday',
    promise('UDANA', 'Ask my seller for the survey', '2026-03-13'),
  ),
  said(
    ana,
    MIDWEEK,
    'ask: extra photographer for the open house by Saturday',
    ask('UDANA', 'extra photographer for the open house', '2026-03-14'),
  ),
  said(ana, MIDWEEK, '<@UDANA|dana> will sort the MLS login by eod', ask('UDANA', 'sort the MLS login', '2026-03-11')),
  said(
    ana,
    MIDWEEK,
    'referral partners named by end of the month',
    promise('UDANA', 'referral partners named', '2026-03-31'),
  ),

  // Weekdays
  said(
    ana,
    FRIDAY,
    'send the comps by Friday',
    promise('UDANA', 'send the comps', '2026-03-13', { alternative: '2026-03-20' }),
  ),
  said(
    ana,
    FRIDAY,
    'send the comps by next Friday',
    promise('UDANA', 'send the comps', '2026-03-20', { alternative: '2026-03-13' }),
  ),
  said(
    ana,
    MIDWEEK,
    'send the comps next Friday',
    promise('UDANA', 'send the comps', '2026-03-20', { alternative: '2026-03-13' }),
  ),
  said(ana, MIDWEEK, 'send the comps on Mon', promise('UDANA', 'send the comps', '2026-03-16')),
  said(ana, MIDWEEK, 'call the Hendersons this Friday', promise('UDANA', 'call the Hendersons', '2026-03-13')),
  said(ana, MIDWEEK, 'comps by eow', promise('UDANA', 'comps', '2026-03-13')),
  said(
    noor,
    FRIDAY,
    'comp plan by end of week',
    promise('UFINN', 'comp plan', '2026-03-13', { alternative: '2026-03-20' }),
  ),
  said(noor, MIDWEEK, 'comp plan by end of next week', promise('UFINN', 'comp plan', '2026-03-20')),
  said(noor, SUNDAY, 'comp plan by Monday', promise('UFINN', 'comp plan', '2026-03-16')),
  said(ana, MIDWEEK, 'walk the unit a week from Friday', promise('UDANA', 'walk the unit', '2026-03-20')),
  said(
    ana,
    MIDWEEK,
    'by Thurs send the disclosure packet',
    promise('UDANA', 'send the disclosure packet', '2026-03-12'),
  ),

  // Months and figures
  said(dana, MIDWEEK, 'budget for Ana by April 15', promise('UANA', 'budget', '2026-04-15')),
  said(noor, MIDWEEK, 'budget by 3/4', promise('UFINN', 'budget', '2026-04-03')),
  said(dana, MIDWEEK, 'budget for Ana by 4/3', promise('UANA', 'budget', '2026-04-03')),
  said(noor, MIDWEEK, 'budget by 4/15', promise('UFINN', 'budget', '2026-04-15')),
  said(dana, MIDWEEK, 'budget for Ana by 15/4', promise('UANA', 'budget', '2026-04-15')),
  said(noor, MIDWEEK, 'budget by 15.04.2026', promise('UFINN', 'budget', '2026-04-15')),
  said(noor, MIDWEEK, 'budget by 2026-04-15', promise('UFINN', 'budget', '2026-04-15')),
  said(noor, MIDWEEK, 'budget due 15th of April', promise('UFINN', 'budget', '2026-04-15')),
  said(noor, MIDWEEK, 'budget by the 5th', promise('UFINN', 'budget', '2026-04-05')),
  said(noor, MIDWEEK, 'budget by 10 January', asked('which-day', 'budget')),
  said(noor, MIDWEEK, 'budget by 1 December', promise('UFINN', 'budget', '2026-12-01')),
  said(noor, YEAR_END, 'budget by 8 January', promise('UFINN', 'budget', '2027-01-08')),
  said(noor, YEAR_END, 'budget by 1 March', promise('UFINN', 'budget', '2027-03-01')),
  said(noor, YEAR_END, 'budget by 24 Dec', asked('which-day', 'budget')),
  said(noor, MIDWEEK, 'budget by Friday 20 March', promise('UFINN', 'budget', '2026-03-20')),
  said(noor, MIDWEEK, 'budget by Friday 21 March', asked('which-day', 'budget')),

  // Ends
  said(ana, MIDWEEK, 'tax folder by end of quarter', promise('UDANA', 'tax folder', '2026-03-31')),
  said(ana, MIDWEEK, 'tax folder by end of Q2', promise('UDANA', 'tax folder', '2026-06-30')),
  said(ana, MIDWEEK, 'tax folder by EOM', promise('UDANA', 'tax folder', '2026-03-31')),
  said(ana, MIDWEEK, 'tax folder by end of April', promise('UDANA', 'tax folder', '2026-04-30')),
  said(ana, MIDWEEK, 'tax folder by year end', promise('UDANA', 'tax folder', '2026-12-31')),
  said(sam, YEAR_END, 'headcount for Lee by end of month', promise('ULEE', 'headcount', '2026-12-31')),

  // From now on
  said(noor, MIDWEEK, 'shortlist in a fortnight', promise('UFINN', 'shortlist', '2026-03-26')),
  said(ana, MIDWEEK, 'shortlist in ten days', promise('UDANA', 'shortlist', '2026-03-21')),
  said(ana, MIDWEEK, 'shortlist within a week', promise('UDANA', 'shortlist', '2026-03-18')),
  said(ana, MIDWEEK, 'shortlist by the day after tomorrow', promise('UDANA', 'shortlist', '2026-03-13')),
  said(sam, MIDWEEK, 'shortlist for Ruth tomorrow', promise('URUTH', 'shortlist', '2026-03-13')),

  // A date inside the thing promised
  said(ana, MIDWEEK, 'the March report by Friday', promise('UDANA', 'the March report', '2026-03-13')),
  said(ana, MIDWEEK, 'send the 2025 numbers by Friday', promise('UDANA', 'send the 2025 numbers', '2026-03-13')),
  said(
    ana,
    MIDWEEK,
    "write up Monday's showing by Friday",
    promise('UDANA', "write up Monday's showing", '2026-03-13'),
  ),
  said(ana, MIDWEEK, 'the weekly report by Friday', promise('UDANA', 'the weekly report', '2026-03-13')),
  said(
    ana,
    MIDWEEK,
    'send minutes from Tuesday by Friday',
    promise('UDANA', 'send minutes from Tuesday', '2026-03-13'),
  ),

  // Times stay in the words
  said(ana, MIDWEEK, 'drop the keys by Friday 5pm', promise('UDANA', 'drop the keys by 5pm', '2026-03-13')),
  said(ana, MIDWEEK, 'drop the keys tomorrow at 10:30', promise('UDANA', 'drop the keys at 10:30', '2026-03-12')),

  // Flags
  said(
    ana,
    MIDWEEK,
    '!LATER clean up the contact list by April 30',
    promise('UDANA', 'clean up the contact list', '2026-04-30', later),
  ),
  said(
    ana,
    MIDWEEK,
    'clean up !urgent contacts by Friday',
    promise('UDANA', 'clean up !urgent contacts', '2026-03-13'),
  ),

  // Who
  said(dana, MIDWEEK, 'send the listing presentation by Friday', asked('who', 'send the listing presentation')),
  said(dana, MIDWEEK, 'send Ana and Marcus the price list by Friday', asked('who')),
  said(dana, MIDWEEK, 'send <@UMIA|mia> the price list by Friday', asked('who')),
  said(ana, MIDWEEK, 'send <@UMARCUS|marcus> the price list by Friday', asked('who')),
  said(priya, MIDWEEK, 'desk space for Tom by Friday', asked('who', 'desk space for Tom')),
  said(priya, MIDWEEK, 'desk space for Tom Byrne by Friday', promise('UTOMB', 'desk space', '2026-03-13')),
  said(
    priya,
    MIDWEEK,
    'send April the desk plan by Friday',
    promise('UAPRIL', 'send April the desk plan', '2026-03-13'),
  ),
  said(
    priya,
    MIDWEEK,
    'will send jose the desk plan by Friday',
    promise('UJOSE', 'send jose the desk plan', '2026-03-13'),
  ),
  said(
    priya,
    MIDWEEK,
    'Will will send me the desk plan by Friday',
    ask('UWILL', 'send me the desk plan', '2026-03-13'),
  ),
  said(
    sam,
    MIDWEEK,
    'ask ruth for a decision on the lease by Monday',
    ask('URUTH', 'a decision on the lease', '2026-03-16'),
  ),
  said(sam, MIDWEEK, 'firm: parking passes for Lee by Monday', promise('ULEE', 'parking passes', '2026-03-16')),
  said(sam, MIDWEEK, 'firm: parking passes, Ruth, by Monday', ask('URUTH', 'parking passes, Ruth', '2026-03-16')),
  said(zoe, MIDWEEK, 'send the list by Friday', asked('no-pair', 'send the list')),

  // A colleague as owner
  said(
    dana,
    MIDWEEK,
    'firm: <@UMIA|mia> will print the yard signs for Ana by Friday',
    promise('UANA', 'print the yard signs', '2026-03-13', { colleague: 'UMIA' }),
  ),
  said(
    dana,
    MIDWEEK,
    'firm: print the yard signs for <@UANA|ana> by Friday, owner <@UMIA|mia>',
    promise('UANA', 'print the yard signs', '2026-03-13', { colleague: 'UMIA' }),
  ),
  said(dana, MIDWEEK, 'firm: introduce <@UMIA|mia> to <@UANA|ana> by Friday', asked('owner')),

  // What cannot be guessed
  said(ana, MIDWEEK, 'send the comps', asked('when', 'send the comps')),
  said(ana, MIDWEEK, 'send the comps soon', asked('when', 'send the comps soon')),
  said(ana, MIDWEEK, 'send the comps asap', asked('when')),
  said(ana, MIDWEEK, 'send the comps by Thursday or Friday', asked('which-day')),
  said(ana, MIDWEEK, 'send the comps between Monday and Wednesday', asked('which-day')),
  said(ana, MIDWEEK, 'send the comps Mon-Wed', asked('which-day')),
  said(ana, MIDWEEK, 'send the comps every Friday', asked('when')),
  said(ana, MIDWEEK, 'send the comps in April', asked('which-day')),
  said(ana, MIDWEEK, 'send the comps next week', asked('which-day')),
  said(ana, MIDWEEK, 'send the comps in a few days', asked('when')),
  said(ana, MIDWEEK, 'send the comps by 5pm', asked('when')),
  said(ana, MIDWEEK, 'die Unterlagen bis Freitag', asked('when')),
  said(ana, MIDWEEK, 'send the comps yesterday', asked('past')),
  said(ana, MIDWEEK, 'send the comps by March 3 2025', asked('past')),
  said(ana, MIDWEEK, 'by Friday', asked('what')),
  said(ana, MIDWEEK, '', asked('what')),
  said(ana, MIDWEEK, 'send the comps by February 30', asked('which-day')),
];
