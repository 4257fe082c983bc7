namespace Vorel.Fakes.HubSpot;

/// <summary>The answer to a request that is not done.</summary>
internal sealed class HubSpotRefusal(HubSpotAnswer answer) : Exception(answer.Body)
{
    public HubSpotAnswer Answer => answer;
}
