using System.Text;
using Vorel.Core.Integration;
using Vorel.Core.Storage;

namespace Vorel.Core.Tests.Support;

/// <summary>The operator's own systems: remember what reached them. Nobody is there unless a test says so.</summary>
internal sealed class RecordedEvents(FaultPlan plan) : IIntegrationEvents
{
    public bool IsConfigured { get; set; }

    /// <summary>Whether they are away.</summary>
    public bool Refuses { get; set; }

    public int Tries { get; private set; }

    public List<(string Id, string Body)> Published { get; } = [];

    /// <summary>The ids of what reached them, each once, in the order in which it first did.</summary>
    public IEnumerable<string> Ids => Published.Select(published => published.Id).Distinct();

    public async Task Publish(IntegrationEvent integrationEvent, CancellationToken cancellationToken)
    {
        Assert.True(IsConfigured);
        Tries++;
        try
        {
            await plan.Run(() =>
            {
                if (Refuses)
                {
                    throw new StoreUnavailableException("scripted");
                }

                Published.Add((integrationEvent.Id, Encoding.UTF8.GetString(integrationEvent.ToJson())));
                return Task.CompletedTask;
            });
        }
        catch (StoreUnavailableException exception)
        {
            throw new EventNotPublishedException("scripted", "503", exception);
        }
    }
}
