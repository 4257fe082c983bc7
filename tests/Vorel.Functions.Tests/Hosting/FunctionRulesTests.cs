using Vorel.Functions.Hosting;

namespace Vorel.Functions.Tests.Hosting;

public sealed class FunctionRulesTests
{
    [Theory]
    [InlineData(typeof(TwoTriggers), "2 triggers")]
    [InlineData(typeof(NoTrigger), "0 triggers")]
    [InlineData(typeof(BadName), "not a name")]
    [InlineData(typeof(HostName), "not a name")]
    [InlineData(typeof(AdminRoute), "keeps for itself")]
    [InlineData(typeof(RuntimeRoute), "keeps for itself")]
    [InlineData(typeof(RootCatchAll), "catch-all at the root")]
    [InlineData(typeof(HttpWithMore), "would not be forwarded")]
    [InlineData(typeof(NameTwice), "taken twice")]
    [InlineData(typeof(RouteTwice), "taken twice")]
    public void What_the_host_would_drop_is_refused_with_its_reason(Type functions, string reason)
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => FunctionCatalogue.Of([functions]));

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    private static class TwoTriggers
    {
        [Function("Two")]
        public static void Run([QueueTrigger("a")] string a, [TimerTrigger("0 * * * * *")] TimerInfo b) => _ = (a, b);
    }

    private static class NoTrigger
    {
        [Function("None")]
        public static void Run([DurableClient] object client) => _ = client;
    }

    private static class BadName
    {
        [Function("1st")]
        public static void Run([QueueTrigger("a")] string a) => _ = a;
    }

    private static class HostName
    {
        [Function("Host")]
        public static void Run([QueueTrigger("a")] string a) => _ = a;
    }

    private static class AdminRoute
    {
        [Function("Back")]
        public static void Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "Administrators")] object a) => _ = a;
    }

    private static class RuntimeRoute
    {
        [Function("Back")]
        public static void Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "/runtime-report")] object a) => _ = a;
    }

    private static class RootCatchAll
    {
        [Function("Back")]
        public static void Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "{*path}")] object a) => _ = a;
    }

    private static class HttpWithMore
    {
        [Function("Back")]
        public static void Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "x")] object a, [DurableClient] object b) => _ = (a, b);
    }

    private static class NameTwice
    {
        [Function("Same")]
        public static void One([QueueTrigger("a")] string a) => _ = a;

        [Function("SAME")]
        public static void Two([QueueTrigger("a")] string a) => _ = a;
    }

    private static class RouteTwice
    {
        [Function("One")]
        public static void One([HttpTrigger(AuthorizationLevel.Anonymous, Route = "x")] object a) => _ = a;

        [Function("Two")]
        public static void Two([HttpTrigger(AuthorizationLevel.Anonymous, Route = "X/")] object a) => _ = a;
    }
}
