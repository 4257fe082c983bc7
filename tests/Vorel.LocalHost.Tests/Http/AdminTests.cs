using System.Text;
using Microsoft.Extensions.Logging;
using Vorel.LocalHost.Tests.Support;
using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Http;

/// <summary>The host's own API, apart from its keys.</summary>
public sealed class AdminTests() : HostTest(
    new TestApp()
        .Function("Tick", """{"type":"timerTrigger","direction":"in","name":"timer","schedule":"0 * * * * *"}""")
        .Function("Pay", """{"type":"activityTrigger","direction":"in","name":"input"}""")
        .Function("Flow", """{"type":"orchestrationTrigger","direction":"in","name":"context"}""")
        .Function("Bus", """{"type":"serviceBusTrigger","direction":"in","name":"msg","queueName":"q"}"""))
{
    [Fact]
    public async Task An_activity_run_by_hand_gets_its_input_as_an_array_of_one()
    {
        Assert.Equal(202, await Run("Pay", """{"input":"{\"n\":1}"}"""));
        Assert.StartsWith("""{"Data":{"input":"\"[{\\\"n\\\":1}]\""},""", (await Call()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timer_run_by_hand_is_not_past_due_whatever_its_input()
    {
        Assert.Equal(202, await Run("tick", """{"input":"anything"}"""));
        Assert.StartsWith(
            """{"Data":{"timer":{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}},"Metadata":{"sys":""", (await Call()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_orchestrator_run_by_hand_is_accepted_and_refused_in_the_log_alone()
    {
        Assert.Equal(202, await Run("Flow", """{"input":"1"}"""));
        Assert.True(Host.Log.Has(LogLevel.Error, "Flow is an orchestrator"));
        Assert.Empty(Handler.Requests);
    }

    [Fact]
    public async Task A_function_that_did_not_load_cannot_be_run_and_its_status_says_why()
    {
        Assert.Equal(404, await Run("Bus", "{}"));
        Assert.Contains("no trigger of type serviceBusTrigger", await Get("/admin/functions/Bus/status"), StringComparison.Ordinal);
        Assert.Contains("no trigger of type serviceBusTrigger", await Get("/admin/host/status"), StringComparison.Ordinal);
        Assert.True(Host.Log.Has(LogLevel.Error, "Bus is not loaded: The local host has no trigger of type serviceBusTrigger."));
    }

    [Fact]
    public async Task Functions_are_listed_one_by_one_and_all_together()
    {
        const string Pay = """{"name":"Pay","trigger":"activityTrigger","is_disabled":false,"errors":[]}""";
        Assert.Equal(Pay, await Get("/admin/functions/pay"));
        Assert.Equal(Pay, await Get("/admin/functions/Pay/status"));
        Assert.Contains(Pay, await Get("/admin/functions"), StringComparison.Ordinal);
        using var unknown = await Host.Admin.GetAsync(new Uri("/admin/functions/Nobody", UriKind.Relative));
        Assert.Equal(404, (int)unknown.StatusCode);
    }

    [Fact]
    public async Task A_ping_needs_no_key()
    {
        using var get = await Host.Client.GetAsync(new Uri("/admin/host/ping", UriKind.Relative));
        using var post = await Host.Client.PostAsync(new Uri("/admin/host/ping", UriKind.Relative), null);
        Assert.Equal((200, 200), ((int)get.StatusCode, (int)post.StatusCode));
    }

    private async Task<int> Run(string function, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await Host.Admin.PostAsync(new Uri($"/admin/functions/{function}", UriKind.Relative), content);
        return (int)answer.StatusCode;
    }

    private Task<RawRequest> Call() => Eventually.NotNull(() => Task.FromResult(Handler.Requests.FirstOrDefault()), "the call");

    private Task<string> Get(string path) => Host.Admin.GetStringAsync(new Uri(path, UriKind.Relative));
}
