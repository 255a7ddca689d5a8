/* One paid unit of one order, from waiting to its end, as src/domain and src/flow do it: workers
 * that load the claim, decide, store what they decided, act, and again. */
mtype = { waiting, submitting, running, copying, editable, ready, failed, delivered, refunding,
          refunded, held };
mtype = { none, deliver, refund };                                /* Outcome; refund: an action too */
mtype = { read_payment, prepare, submit, look_up, poll, copy, write_register, list_refunds, park, finish };

#ifndef ATTEMPTS
#define ATTEMPTS 2                    /* submits before the order's patience is over */
#endif
typedef Claim {
  mtype state = waiting;
  byte attempt;
  mtype registered = none;
  bit refund_tries
}
#define closed(c) (c.state == delivered || c.state == refunded || c.state == held)

/* Redis */
Claim redis, old;
byte fits[2];        /* is the version that the worker has loaded the stored one? 2 = perhaps: it
                        was loaded before Redis went back, and the number may come again */
/* Stripe */
mtype meta = none, register_key = none;
byte refund_key[2];  /* 0 = unknown, 1 = a refund was made under it, 2 = an error is stored */
byte refunds;
bit looked[2];       /* the worker's read of Stripe is fresh */
/* the generator, by seed */
bit job[ATTEMPTS + 1], late[ATTEMPTS + 1];
#ifdef LIMIT
byte made;
#endif
bit sending[2];      /* the worker has stored an intent and not heard of the request yet */
bit shown;           /* the buyer has seen the video */
#ifdef FAULTS
byte faults;
#define trouble faults < FAULTS -> faults++
#else
#define trouble true
#endif
#ifdef ROLLBACKS
byte rollbacks;
#define rollback rollbacks < ROLLBACKS -> rollbacks++
#else
#define rollback true
#endif
#ifdef SLEEPY
#define settled true
#else
#define settled (!sending[0] && !sending[1] && !late[c.attempt])
#endif

inline assign(to, from) {
  to.state = from.state; to.attempt = from.attempt; to.registered = from.registered;
  to.refund_tries = from.refund_tries
}
inline check() { assert(refunds <= 1); assert(!(shown && refunds > 0)) }
inline make() {
#ifdef LIMIT
  made++; assert(made <= LIMIT)
#else
  skip
#endif
}
inline give_up() {
  next = park; dirty = 0; fits[_pid] = 0; looked[_pid] = 0; sending[_pid] = 0;
  c.state = waiting; c.attempt = 0; c.registered = none; c.refund_tries = 0
}

inline fail_unit() { c.state = (c.registered == deliver -> held : failed) }
inline go_on() {
  if
  :: c.state == waiting -> next = prepare
  :: c.state == submitting -> next = look_up
  :: c.state == running -> next = poll
  :: c.state == copying -> next = copy
  :: c.state == editable -> fail_unit(); dirty = 1; next = write_register   /* its time is over */
  :: c.state == ready || c.state == failed -> next = write_register
  :: c.state == refunding -> next = list_refunds
  :: closed(c) -> next = finish
  fi
}

/* The script commit: the version is compared. */
inline commit() {
  if
  :: fits[_pid] > 0 ->
       assign(redis, c);
       fits[_pid] = 1; fits[1 - _pid] = (fits[1 - _pid] == 2 -> 2 : 0);
       if
       :: c.state == delivered -> shown = 1
#ifdef SHOW_BEFORE_REGISTER
       :: c.state == ready -> shown = 1
#endif
       :: else
       fi;
       check();
       dirty = 0;
       if :: next == finish -> give_up() :: else fi
  :: fits[_pid] != 1 -> give_up()
  fi
}

inline try_again() {
  if
  :: c.attempt >= ATTEMPTS -> fail_unit()
  :: else -> c.state = waiting; c.attempt++
  fi
}
inline adopt() {
  looked[_pid] = 1;
  if
  :: meta == none || c.registered == meta -> skip
  :: else ->
     c.registered = meta; dirty = 1;
     if
     :: meta == refund -> c.state = refunding
     :: meta == deliver && c.state == ready -> c.state = delivered
     :: meta == deliver && (c.state == failed || c.state == refunding) -> c.state = held
     :: else
     fi
  fi
}

active [2] proctype worker() {
  Claim c;
  mtype next = park;
  bit dirty;
end:
  do
  :: atomic { next == park && !closed(redis) -> assign(c, redis); fits[_pid] = 1; go_on() }
  :: atomic { next != park && trouble -> give_up() }                     /* it crashes */
  :: atomic { dirty -> commit() }
  :: atomic { !dirty && (next == prepare || next == write_register) && !looked[_pid] -> adopt(); go_on() }
  :: atomic { !dirty && next == prepare ->
              c.state = submitting; c.attempt = (c.attempt == 0 -> 1 : c.attempt); dirty = 1;
              if
              :: c.registered == deliver -> next = look_up
              :: else -> next = submit; sending[_pid] = 1
              fi }
  :: atomic { !dirty && next == submit ->
     sending[_pid] = 0;
     if
     :: job[c.attempt] = 1; make(); c.state = running; dirty = 1
     :: trouble; job[c.attempt] = 1; make()
     :: trouble; late[c.attempt] = 1; make()
     :: trouble
     :: fail_unit(); dirty = 1
     :: trouble; try_again(); dirty = 1
     :: trouble; c.state = waiting; dirty = 1
#ifdef EDITS
     :: c.registered == none -> c.state = editable; dirty = 1
#endif
     fi;
     if :: c.state == editable -> next = finish :: else -> go_on() fi }
  :: atomic { !dirty && next == look_up ->
     if
     :: job[c.attempt] -> c.state = running
     :: !job[c.attempt] && settled -> try_again()
     fi;
     dirty = 1; go_on() }
  :: atomic { !dirty && next == poll ->
     if
     :: c.state = (c.registered == deliver -> delivered : ready)
     :: fail_unit()
#ifdef KEEPS
     :: c.state = copying
#endif
#ifdef EDITS
     :: c.registered == none -> c.state = editable
#endif
     fi;
     dirty = 1;
     if :: c.state == editable -> next = finish :: else -> go_on() fi }
  :: atomic { !dirty && next == copy ->
     if
     :: c.state = (c.registered == deliver -> delivered : ready)
     :: c.state = running
     :: c.state = held
     fi;
     dirty = 1; go_on() }
  :: atomic { !dirty && next == write_register && looked[_pid] ->
       c.registered = (c.state == ready -> deliver : refund);
       if
       :: register_key == none -> register_key = c.registered; meta = c.registered
       :: else -> c.registered = register_key
       fi;
       if
       :: c.registered == refund -> c.state = refunding
       :: c.registered == deliver && c.state == ready -> c.state = delivered
       :: else -> c.state = held
       fi;
       dirty = 1; go_on() }
  :: atomic { !dirty && next == list_refunds ->
       adopt();
       if
       :: refunds > 0 -> c.state = (c.state == delivered || c.state == held -> held : refunded); dirty = 1
       :: else
       fi;
       if
       :: c.state == refunding -> next = refund
       :: else -> go_on()
       fi }
  :: atomic { !dirty && next == refund && looked[_pid] ->
       if
       :: refund_key[c.refund_tries] == 0 -> refund_key[c.refund_tries] = 1; refunds++; check()
#ifdef STORED_ERRORS
       :: refund_key[c.refund_tries] == 0 && c.refund_tries == 0 && trouble -> refund_key[0] = 2
#endif
       :: refund_key[c.refund_tries] != 0
       fi;
       if
       :: refund_key[c.refund_tries] == 1 -> c.state = refunded
       :: refund_key[c.refund_tries] == 2 -> c.refund_tries = 1
       fi;
       dirty = 1; go_on() }
  :: atomic { !dirty && next == refund && !looked[_pid] -> give_up() }
  od
}

#ifdef EDITS
/* One edit, under the version, at any time while the unit is editable. */
active proctype buyer() {
end:
  if
  :: atomic { redis.state == editable && redis.attempt < ATTEMPTS ->
     redis.state = waiting; redis.attempt++;
     fits[0] = (fits[0] == 2 -> 2 : 0); fits[1] = (fits[1] == 2 -> 2 : 0) }
  fi
}
#endif

active proctype chaos() {
end:
  do
  :: d_step { assign(old, redis) }
  :: d_step { rollback ; assign(redis, old); fits[0] = (fits[0] > 0 -> 2 : 0); fits[1] = (fits[1] > 0 -> 2 : 0) }
  :: d_step { late[1] -> late[1] = 0; job[1] = 1 }
  :: d_step { late[2] -> late[2] = 0; job[2] = 1 }
  :: d_step { register_key != none -> register_key = none; looked[0] = 0; looked[1] = 0 }
  :: d_step { refund_key[0] != 0 -> refund_key[0] = 0; looked[0] = 0; looked[1] = 0 }
  :: d_step { refund_key[1] != 0 -> refund_key[1] = 0; looked[0] = 0; looked[1] = 0 }
  od
}
