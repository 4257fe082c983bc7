using Vorel.LocalHost.Development;

namespace Vorel.LocalHost.Commands;

/// <summary>What <c>./run</c> prints once all is up: addresses, the key of this run, and a paste that posts a lead.</summary>
internal static class Welcome
{
    public static void Print(TextWriter output, DevelopmentStack stack, DemoTenant tenant)
    {
        var at = stack.Addresses;
        var handlers = string.Join(Environment.NewLine, at.Handlers.Select(handler => $"  Process {handler.ProcessId,-6} {string.Join(", ", handler.Groups)}"));
        output.WriteLine($$"""

            Vorel is up. Ctrl-C stops everything.

              API            {{at.Host.Address}}v1
              Operator API   {{at.Host.Address}}api/tenant
              Sandbox CRM    {{at.SandboxCrm()}}
              Sandbox inbox  {{at.SandboxInbox()}}
              Azurite        127.0.0.1:{{stack.AzuriteTablePort}} (tables)

            {{handlers}}

              Demo tenant    {{tenant.Id}}
              API key        {{tenant.ApiKey}}   (of this run; the last run's key is revoked)
              Operator token {{stack.Secrets.OperatorToken}}

            Post a lead (paste all of it into a second terminal), then look at the two sandbox addresses in a browser:

              KEY={{tenant.ApiKey}}
              CONVERSATION=$(curl -s {{at.Host.Address}}v1/conversations -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \
                -d "{\"channel\":\"webform\",\"customer_identifier\":\"visitor-$RANDOM$RANDOM@example.com\"}" | sed 's/.*"id":"\([^"]*\)".*/\1/')
              curl -s {{at.Host.Address}}v1/leads -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \
                -d "{\"conversation_id\":\"$CONVERSATION\",\"name\":\"Ada Example\",\"phone\":\"+14155550100\",\"status\":\"new\"}"

            """);
    }
}
