using System.CommandLine;
using System.Globalization;
using Vorel.LocalHost.Handler;

namespace Vorel.LocalHost.Commands;

/// <summary><c>--instances N</c>, which every verb has.</summary>
internal static class InstancesOption
{
    public static Option<int> Create() => new("--instances")
    {
        Description = "Handler processes, 1 to 16, split as Flex Consumption scales: 2 are http and the rest, 3 are http, durable and the rest; each further "
            + "one takes a queue or timer function for itself, then is a second instance of http, durable and the queues in turn.",
        DefaultValueFactory = _ => 1,
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && count is >= 1 and <= Assignment.MostInstances)
            {
                return count;
            }

            result.AddError($"--instances wants a number from 1 to {Assignment.MostInstances}.");
            return 0;
        },
    };
}
