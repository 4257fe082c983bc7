namespace Vorel.Core.Tests.Crm.HubSpot;

/// <summary>HubSpot's client was refused: the status, the category, and the message of the body as the client read it.</summary>
public sealed class HubSpotRefereeException(int status, string? category, string message) : Exception(message)
{
    public int Status => status;

    public string? Category => category;
}
