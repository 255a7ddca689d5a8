/* The register of one unit: a member of the charge's metadata, and how two writers come to agree on
 * it (write_register and register_outcome in src/flow/order_outcomes.cpp). What a writer wants is
 * open each time it tries: Redis may have gone back, and another outcome may have been decided.
 *
 * A request may be lost, or arrive late, when its writer has crashed or asked anew. Stripe may
 * store an error under a key instead of doing what was asked (a 500), and forgets keys after a day:
 * when everything that was read before has ended, and what was sent upon it has arrived.
 *
 * agreed  whoever learns what stands, learns the same, for ever; and somebody had decided on it.
 *
 * Each -D breaks one rule; Spin must find out (tools/model).
 */
mtype:Outcome = { none, deliver, refund };
mtype:answer = { silence, ok, mismatch, stored_error };

#define other(outcome) (outcome == deliver -> refund : deliver)

typedef Request { mtype:Outcome value = none; bit key };   /* none = there is no such request */

mtype:Outcome meta = none;          /* the metadata, there for ever */
mtype:Outcome kept[2] = none;       /* under each key: what was first sent, none = not used */
bit error[2];                       /* .. and that an error was stored for it */
bit reading[2];                     /* a writer has read, and something of that is still under way */
bit trying[2];
Request sent[2], late[2];           /* by a writer that waits for the answer, and that does not */
mtype:answer answers[2] = silence;
bit wanted[4];                      /* the outcomes that were decided on */
mtype:Outcome stands = none;        /* what the first of all writers has learnt */

inline end_reading(w) {
  reading[w] = trying[w] || sent[w].value != none || late[w].value != none
}

inline post(number, outcome_) {
  d_step { sent[_pid].value = outcome_; sent[_pid].key = number }
  if
  :: d_step { answers[_pid] != silence -> says = answers[_pid]; answers[_pid] = silence }
  :: d_step {                       /* its patience ends, or its life; one request is late at most */
       late[_pid].value == none || sent[_pid].value == none ->
       if
       :: sent[_pid].value != none -> late[_pid].value = sent[_pid].value;
                                      late[_pid].key = sent[_pid].key
       :: else
       fi;
       sent[_pid].value = none; sent[_pid].key = 0; answers[_pid] = silence; says = silence
     }
  fi
}

active [2] proctype writer() {
  mtype:Outcome outcome = none, read = none;
  mtype:answer says = silence;
end:
  do
  :: if :: outcome = deliver :: outcome = refund fi;
     d_step { wanted[outcome] = 1; trying[_pid] = 1; reading[_pid] = 1;
#ifndef NO_READ_FIRST
              read = meta
#endif
     }
     if
     :: read != none -> outcome = read; says = ok
     :: read == none ->
        post(0, outcome);
        if
#ifdef TRUST_MISMATCH               /* the refusal itself is taken for the other one's success */
        :: says == mismatch -> outcome = other(outcome); says = ok
#else
        :: says == mismatch -> outcome = other(outcome); post(0, outcome)
#endif
        :: else
        fi;
        if
        :: says == stored_error ->
           read = meta;
           if
           :: read != none -> outcome = read; says = ok
           :: read == none -> post(1, outcome)
           fi
        :: else
        fi
     fi;
     d_step {
       if
       :: says == ok ->
          assert(stands == none || stands == outcome);
          assert(wanted[outcome]);
          stands = outcome
       :: else
       fi;
       trying[_pid] = 0;
       end_reading(_pid);
       outcome = none; read = none; says = silence
     }
  od
}

#define is_used(number) (sent[0].value != none && sent[0].key == number || \
                         sent[1].value != none && sent[1].key == number || \
                         late[0].value != none && late[0].key == number || \
                         late[1].value != none && late[1].key == number)

inline arrives(request) {
  value = request.value; number = request.key;
  request.value = none; request.key = 0;
  if
  :: true                                                       /* it is lost, or not taken now */
#ifdef IN_USE_IS_MISMATCH          /* "another request with this key is under way": try again later */
  :: is_used(number) -> says = mismatch
#endif
#ifdef NO_KEY
  :: meta = value; says = ok
#else
  :: kept[number] == none -> kept[number] = value; meta = value; says = ok
  :: kept[number] == none -> kept[number] = value; error[number] = 1; says = stored_error
  :: kept[number] == value -> says = (error[number] -> stored_error : ok)
  :: kept[number] == other(value) -> says = mismatch
#endif
  fi
}

active proctype stripe() {
  bit number;
  mtype:Outcome value = none;
  mtype:answer says = silence;
end:
  do
  :: atomic {
       if
       :: sent[0].value != none -> arrives(sent[0]); answers[0] = says
       :: sent[1].value != none -> arrives(sent[1]); answers[1] = says
       :: late[0].value != none -> arrives(late[0]); end_reading(0)
       :: late[1].value != none -> arrives(late[1]); end_reading(1)
       fi;
       number = 0; value = none; says = silence
     }
#ifdef FORGETS_AMID
  :: d_step { kept[0] != none -> kept[0] = none; error[0] = 0 }
  :: d_step { kept[1] != none -> kept[1] = none; error[1] = 0 }
#else
  :: d_step { kept[0] != none && !reading[0] && !reading[1] -> kept[0] = none; error[0] = 0 }
  :: d_step { kept[1] != none && !reading[0] && !reading[1] -> kept[1] = none; error[1] = 0 }
#endif
  od
}
