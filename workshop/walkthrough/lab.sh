# The helpers of chapters 7 to 12, for bash and zsh: `. workshop/walkthrough/lab.sh` in the project's folder.
# Logs, process ids and the last answer are kept in data/lab/, which git ignores, and `make reset` removes.
mkdir -p data/lab
ALICE='X-Auth-Token: alice-token' BOB='X-Auth-Token: bob-token' ADMIN='X-Auth-Token: open-sesame'

start() {  # start NAME INI [--port N]: a service in the background; its log is data/lab/NAME.log
    local name=$1 log=data/lab/$1.log; shift
    if runs $name; then echo "$name runs already: first say stop $name"; return 1; fi
    mkdir -p data/lab; : > $log
    { .venv/bin/python server.py "$@" -v > $log 2>&1 & echo $! > data/lab/$name.pid; disown; } 2> /dev/null
    until grep -q 'Ctrl-C' $log || ! kill -0 $(cat data/lab/$name.pid) 2> /dev/null; do sleep 0.1; done
    grep -o 'listens on [^ ]*' $log || tail -n 1 $log
}
stop() {  # stop NAME [-9]: end that service (-9: at once), and come back when it has ended; stop alone: all of them
    local name
    if [ $# = 0 ]; then for name in $(ls data/lab | sed -n 's/\.pid$//p'); do stop $name; done; return; fi
    runs $1 && kill $2 $(cat data/lab/$1.pid)
    while runs $1; do sleep 0.1; done
    rm -f data/lab/$1.pid
}
runs() {  # runs NAME: whether it does; another process that has got its number by now does not count
    ps -o args= -p "$(cat data/lab/$1.pid 2> /dev/null)" 2> /dev/null | grep -q '\.py'
}
ask() { curl -sS -D data/lab/answer.txt "$@"; echo; }  # ask ...: curl, that keeps the headers of the answer
new_id() { sed -n 's|^Location: .*/\([-0-9a-f]*\).*|\1|p' data/lab/answer.txt; }  # the id of what the last ask has made
steps() {  # steps NAME: what that service's log says about the last ask
    grep "^$(grep -o 'req-[-0-9a-f]*' data/lab/answer.txt)" data/lab/$1.log | cut -d ' ' -f 2- | cut -c 1-100 | grep -v '^127'
}
onion() { steps $1 | sed '1,/Controller/d; /^calls/d; /^leaves/d'; }  # onion NAME: the steps behind the controller
asked() {  # asked NAME [WHO]: the requests in that service's access log; those of one client only
    grep "$2" data/lab/$1.log | grep -o '"[A-Z]* /[^"]*" [0-9]*'
}
boot() {  # boot ADDRESS NAME: from $IMAGE, and wait until it is built; ID is the instance's
    ask -H "$ALICE" -d name=$2 -d image=$IMAGE $1/instances > /dev/null; ID=$(new_id)
    head -n 1 data/lab/answer.txt
    until status $1/instances/$ID | grep 'ACTIVE\|ERROR'; do sleep 0.1; done
}
status() { ask -H "$ALICE" $1 | grep -o '"status": "[^"]*"'; }  # status URL: of an image or an instance
meta() { for each; do echo "-H x-image-meta-$each"; done; }  # meta NAME:VALUE ...: version 1's headers of an image
