/* The work index: one member of a due set, the scripts take, settle and wake of src/store/redis/lua as
 * they are, and two workers that call them around a pass. A pass may end anywhere, and may sleep
 * for longer than its lease.
 *
 * kept    a knock is never lost: from the moment it was kept until a worker has stored what it was
 *         about, the member is neither removed nor parked; a lease is the most that hides it.
 * looked  the next look that the storing worker asked for is not put off by one that knew less. What
 *         nobody has knocked for yet is left out: its knock, at the latest the reconciler's, ends
 *         such a delay.
 *
 * Each -D breaks one rule; Spin must find out (tools/model).
 */
#define LEASE 45
#define SOON  13    /* a next look while another's lease can still run: the poll of a job */
#define LATER 93    /* and one after it: the settle time of a submit */
#define LONG  303   /* an unpaid order: until its expiry */
#define COARSE 40
#define gone  0     /* no score: the member is not in the set */
#ifndef TAKES
#define TAKES 4     /* in all. The one bound here: without a take there is nothing to lose */
#endif

short now = 10, score = 10;   /* Redis' clock; checkout has made the entry */
byte fact;                    /* at Stripe: 1 = paid, 2 = later news, such as a refund by a person */
byte knocked;                 /* the last fact whose event was kept */
byte known;                   /* the last fact in the claim */
short look_by;                /* what the worker that stored it asked for; 0 = a pass came since */
byte takes;
bit unseen;                   /* nobody has loaded the claim since it was stored */

inline tick() { now = now - now % 10 + 10 }       /* no two scripts run in the same microsecond */

inline take() {
  takes++;
  tick();
#ifdef SAME_SCORE             /* the end of the lease, rounded */
  ours = now - now % COARSE + LEASE;
#else
  ours = now + LEASE;
#endif
#ifdef NO_LEASE               /* taken is removed; who crashes has it alone */
  score = gone
#else
  score = ours
#endif
}

inline wake(about) {
  tick();
#ifdef WAKE_NEW               /* ZADD NX */
  score = (score == gone -> now : score);
#else
#ifdef WAKE_LOWERS            /* ZADD LT */
  score = (score == gone || now < score -> now : score);
#else
  score = (score != gone && score - 1 < now -> score - 1 : now);
#endif
#endif
  knocked = about
}

inline remove() {
  tick();
#ifdef BLIND_REMOVE
  score = gone
#else
  score = (score == ours -> gone : score)
#endif
}

inline park(delay) {
  tick();
  next_look = now + delay;
  if
  :: score == gone -> skip
#ifdef BLIND_PARK
  :: score != gone -> score = next_look
#else
  :: score == ours -> score = next_look
#ifndef ONLY_OURS
  :: score != gone && score != ours && next_look < score -> score = next_look
#endif
  :: else
#endif
  fi
}

active [2] proctype worker() {
  short ours, next_look;
  byte loaded, seen;
end:
  do
  :: d_step { takes < TAKES && score != gone && score <= now -> take() }
     d_step { loaded = known; unseen = 0; look_by = (known > 0 -> 0 : look_by) }
     seen = fact;                                              /* Stripe is asked */
     if
     :: d_step { seen > loaded && known == loaded -> known = seen; unseen = 1 } /* the commit */
        if
        :: d_step { park(SOON); look_by = (unseen -> next_look : 0) }
        :: d_step { park(LATER); look_by = (unseen -> next_look : 0) }
        :: true
        fi
     :: d_step { seen > loaded && known != loaded -> park(0) }                  /* it is refused */
     :: d_step { seen == loaded && seen == 0 -> park(LONG) }                    /* still unpaid */
     :: d_step { seen == loaded && seen > 0 -> remove() }                       /* it is done */
     :: true                                                   /* crash, or Redis did not answer */
     fi;
     d_step { ours = 0; next_look = 0; loaded = 0; seen = 0 }
  od
}

active proctype stripe() {
  fact = 1;
  d_step { wake(1) }
  fact = 2;
  d_step { wake(2) }
}

active proctype time() {      /* nothing else happens until the member is due */
end:
  do
  :: d_step { takes < TAKES && score > now -> now = score }
  od
}

#define soon (score != gone && score <= now + LEASE)
ltl kept { [] (known < knocked -> soon) }
ltl looked { [] (look_by > 0 && known <= knocked -> soon || (score != gone && score <= look_by)) }
