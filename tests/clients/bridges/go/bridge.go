// The official Go client, told what to do by one JSON object a line; answers with one each.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	razorpay "github.com/razorpay/razorpay-go"
	"github.com/razorpay/razorpay-go/utils"
)

type order struct {
	URL       string                 `json:"url"`
	KeyID     string                 `json:"key_id"`
	KeySecret string                 `json:"key_secret"`
	Method    string                 `json:"method"`
	Path      string                 `json:"path"`
	Body      map[string]interface{} `json:"body"`
	Verify    []string               `json:"verify"`
	Resource  []string               `json:"resource"`
}

func call(client *razorpay.Client, what order) (interface{}, error) {
	if what.Verify != nil {
		return utils.VerifyWebhookSignature(what.Verify[0], what.Verify[1], what.Verify[2]), nil
	}
	if what.Resource != nil {
		switch what.Resource[0] + "." + what.Resource[1] {
		case "payout.all":
			return client.Payout.All(what.Body, nil)
		case "payout.fetch":
			return client.Payout.Fetch(what.Resource[2], nil, nil)
		case "fund_account.create":
			return client.FundAccount.Create(what.Body, nil)
		case "fund_account.all":
			return client.FundAccount.All(what.Body, nil)
		}
		return nil, fmt.Errorf("no such resource: %v", what.Resource)
	}
	switch what.Method {
	case "get":
		return client.Request.Get(what.Path, what.Body, nil)
	case "patch":
		return client.Request.Patch(what.Path, what.Body, nil)
	}
	return client.Request.Post(what.Path, what.Body, nil)
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	var client *razorpay.Client
	for lines.Scan() {
		var what order
		if err := json.Unmarshal(lines.Bytes(), &what); err != nil {
			panic(err)
		}
		if client == nil {
			client = razorpay.NewClient(what.KeyID, what.KeySecret)
			client.Request.BaseURL = what.URL
			continue
		}
		told := map[string]interface{}{}
		answer, err := call(client, what)
		if err != nil {
			told["error"] = fmt.Sprintf("%T", err)
			told["message"] = err.Error()
		} else {
			told["answer"] = answer
		}
		out, err := json.Marshal(told)
		if err != nil {
			panic(err)
		}
		fmt.Println(string(out))
	}
}
