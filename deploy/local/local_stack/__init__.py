"""Everything that Amplify needs to run on one machine: real Kafka, real MongoDB, a mailbox and an identity provider."""
